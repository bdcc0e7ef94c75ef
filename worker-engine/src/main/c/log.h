/* Log lines to standard error: time, level, one event in the past tense, key=value pairs. */
#ifndef DROVER_LOG_H
#define DROVER_LOG_H

void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
