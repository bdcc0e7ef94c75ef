/**
 * Bytes that nobody would send on purpose: coverage-guided with Jazzer against the pure packages of the worker, and mutated
 * requests over TCP against a farm.
 */
@NullMarked
package drover.verify.fuzz;

import org.jspecify.annotations.NullMarked;
