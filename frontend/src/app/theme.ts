import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** Pine, for what is calm and ours; rust, for what is broken. The rest is wool and ink, in theme.css. */
const pine: MantineColorsTuple = [
  '#e9f6f1', '#d3e9e1', '#a6d3c4', '#76bba5', '#4ea78b', '#349a7b', '#208267', '#14675a', '#10544a', '#0a3f37',
]; // prettier-ignore
const rust: MantineColorsTuple = [
  '#fdeeeb', '#f8dad4', '#f0b3a8', '#e88a79', '#e16850', '#dd5237', '#c9432a', '#b3261e', '#941d17', '#711410',
]; // prettier-ignore

/** Mantine's dark surfaces, with a little of our pine in them. */
const dark: MantineColorsTuple = [
  '#c9d3ce', '#b3bfb9', '#98a69f', '#5f6d66', '#3a4641', '#2d3833', '#212a26', '#151d1a', '#0e1412', '#0a0f0d',
]; // prettier-ignore

export const theme = createTheme({
  colors: { pine, rust, dark },
  black: '#1a231f',
  primaryColor: 'pine',
  primaryShade: { light: 7, dark: 6 },
  fontFamily:
    'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif',
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
});
