/** From a path to a file: the document root, the cache, the threads that may wait for a disk. */
@NullMarked
package drover.engine.files;

import org.jspecify.annotations.NullMarked;
