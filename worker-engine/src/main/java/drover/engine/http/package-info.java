/** HTTP/1.1 as values: parsing, status codes, dates. No I/O, and nothing of ours is imported. */
@NullMarked
package drover.engine.http;

import org.jspecify.annotations.NullMarked;
