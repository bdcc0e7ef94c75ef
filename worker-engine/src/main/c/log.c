#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAX_LINE 1024

/* One write for each line, so that lines of several writers to one file stay whole. */
static void line(const char *level, const char *format, va_list arguments)
{
        char text[MAX_LINE];
        struct timespec now;
        struct tm utc;

        (void) clock_gettime(CLOCK_REALTIME, &now);
        (void) gmtime_r(&now.tv_sec, &utc);
        size_t length = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
        length += (size_t) snprintf(text + length, sizeof text - length, ".%03ldZ %s ", now.tv_nsec / 1000000, level);
        int wanted = vsnprintf(text + length, sizeof text - length - 1, format, arguments);
        if (wanted > 0)
                length += strnlen(text + length, sizeof text - length - 1);

        for (size_t i = 0; i < length; i++)
                if ((unsigned char) text[i] < ' ' || text[i] == 0x7f)
                        text[i] = '?';
        text[length++] = '\n';
        ssize_t written = write(STDERR_FILENO, text, length);
        (void) written;         /* a log that cannot be written has nowhere to say so */
}

#define LEVEL(name, word)                                                                                              \
        void name(const char *format, ...)                                                                             \
        {                                                                                                              \
                va_list arguments;                                                                                     \
                va_start(arguments, format);                                                                           \
                line(word, format, arguments);                                                                         \
                va_end(arguments);                                                                                     \
        }

LEVEL(log_info, "INFO")
LEVEL(log_warn, "WARN")
LEVEL(log_error, "ERROR")
