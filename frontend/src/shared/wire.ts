import type { components } from './api';

/** What admin answers, by the names of its OpenAPI document, from which `api.d.ts` is generated. */
export type Wire = components['schemas'];
