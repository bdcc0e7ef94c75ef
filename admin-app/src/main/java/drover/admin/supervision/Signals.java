package drover.admin.supervision;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Signals to exactly the process that is meant: a pidfd is opened, then the process is looked at, then it gets the signal
 * through that pidfd, which no other process can take over. See pidfd_open(2), pidfd_send_signal(2).
 */
final class Signals {

    private static final int SIGQUIT = 3;
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final int SIGCONT = 18;

    /** The same on every architecture, as for all calls that are younger than 2019. */
    private static final long PIDFD_SEND_SIGNAL = 424;

    private static final long PIDFD_OPEN = 434;
    private static final int ESRCH = 3;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout ERRNO = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_VALUE = ERRNO.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SYSCALL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle CLOSE = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("close"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private Signals() {}

    /** SIGKILL: a process that is stopped or hangs does not act on anything less. */
    static void kill(ProcessIdentity process) {
        send(process, SIGKILL);
    }

    /** SIGTERM. */
    static void terminate(ProcessIdentity process) {
        send(process, SIGTERM);
    }

    /** SIGQUIT, at which a JVM writes what its threads do; one that is stopped does so when it goes on. */
    static void askForThreads(ProcessIdentity process) {
        send(process, SIGQUIT);
    }

    /** The same, and SIGCONT, so that one that was stopped does it too. */
    static void dumpThreads(ProcessIdentity process) {
        askForThreads(process);
        send(process, SIGCONT);
    }

    /** Does nothing if the process is gone or its pid belongs to another one. */
    private static void send(ProcessIdentity process, int signal) {
        long pidfd = call("pidfd_open", PIDFD_OPEN, process.pid(), 0);
        if (pidfd < 0) {
            return;
        }
        try {
            if (process.isAlive()) {
                call("pidfd_send_signal", PIDFD_SEND_SIGNAL, pidfd, signal);
            }
        } finally {
            close((int) pidfd);
        }
    }

    /** What the call returned, or −1 if there is no such process. */
    private static long call(String name, long number, long first, long second) {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(ERRNO);
            long result = (long) SYSCALL.invokeExact(state, number, first, second, 0L, 0L);
            int errno = (int) ERRNO_VALUE.get(state, 0L);
            if (result < 0 && errno != ESRCH) {
                throw new IllegalStateException("cannot signal: " + name + ", errno=" + errno);
            }
            return result;
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void close(int fd) {
        try {
            int _ = (int) CLOSE.invokeExact(fd);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
