package drover.engine.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * How functions of the C library are called: all through one handle of six 64-bit arguments. A handle for each signature
 * would cost a worker two thirds of its time to start, for Java makes classes for each at run time. On the architectures
 * that there are (System V for x86-64, AAPCS64) an integer or a pointer lies in the same register whatever its width is,
 * and a function does not look at registers beyond its parameters.
 *
 * <p>A pointer is given as its address, so the caller keeps what it points to reachable until the call is over.
 */
final class Libc {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ThreadLocal<MemorySegment> CAPTURED =
            ThreadLocal.withInitial(() -> Arena.global().allocate(CAPTURE));
    private static final MethodHandle CALL = LINKER.downcallHandle(
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG),
            Linker.Option.captureCallState("errno"));

    private Libc() {}

    static MemorySegment function(String name) {
        return LINKER.defaultLookup().findOrThrow(name);
    }

    /** Calls a function that returns a 64-bit integer or a pointer: what it returns, or the negative errno for −1. */
    static long call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
        var captured = CAPTURED.get();
        long result = call(function, captured, a, b, c, d, e, f);
        return result == -1 ? -(int) ERRNO.get(captured, 0L) : result;
    }

    static long call(MemorySegment function, long a, long b, long c, long d) {
        return call(function, a, b, c, d, 0, 0);
    }

    static long call(MemorySegment function, long a, long b, long c) {
        return call(function, a, b, c, 0, 0, 0);
    }

    static long call(MemorySegment function, long a) {
        return call(function, a, 0, 0, 0, 0, 0);
    }

    /** Calls a function that returns an int, which leaves the upper half of the register as it likes. */
    static int callInt(MemorySegment function, long a, long b, long c, long d, long e) {
        var captured = CAPTURED.get();
        int result = (int) call(function, captured, a, b, c, d, e, 0);
        return result == -1 ? -(int) ERRNO.get(captured, 0L) : result;
    }

    static int callInt(MemorySegment function, long a, long b, long c, long d) {
        return callInt(function, a, b, c, d, 0);
    }

    static int callInt(MemorySegment function, long a, long b, long c) {
        return callInt(function, a, b, c, 0, 0);
    }

    static int callInt(MemorySegment function, long a, long b) {
        return callInt(function, a, b, 0, 0, 0);
    }

    static int callInt(MemorySegment function, long a) {
        return callInt(function, a, 0, 0, 0, 0);
    }

    private static long call(
            MemorySegment function, MemorySegment captured, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) CALL.invokeExact(function, captured, a, b, c, d, e, f);
        } catch (Throwable failure) {
            throw new IllegalStateException("cannot call the C library", failure);
        }
    }
}
