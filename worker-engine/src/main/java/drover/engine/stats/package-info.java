/**
 * The statistics region: what is counted, where it lies, who writes and who reads it. Imports nothing of ours; admin may
 * import this package and no other of the engine.
 */
@NullMarked
package drover.engine.stats;

import org.jspecify.annotations.NullMarked;
