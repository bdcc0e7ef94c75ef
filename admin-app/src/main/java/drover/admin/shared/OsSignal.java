package drover.admin.shared;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Signals that this process gets. Java has no other way to them than {@code sun.misc.Signal}, of the module jdk.unsupported,
 * which is there to keep it open. It is called by its name, because javac warns of it in a way that cannot be silenced.
 */
public final class OsSignal {

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.publicLookup();

    private OsSignal() {}

    /**
     * Has a signal do this, on a thread of its own, instead of what it does by default.
     *
     * @param name without SIG, such as HUP
     */
    public static void on(String name, Runnable action) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            var handle = LOOKUP.findStatic(signal, "handle", MethodType.methodType(handler, signal, handler));
            var constructor = LOOKUP.findConstructor(signal, MethodType.methodType(void.class, String.class));
            handle.invoke(
                    constructor.invoke(name), MethodHandleProxies.asInterfaceInstance(handler, run(action, signal)));
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable missing) {
            throw new IllegalStateException("cannot handle SIG" + name, missing);
        }
    }

    private static MethodHandle run(Runnable action, Class<?> signal) throws ReflectiveOperationException {
        var run = LOOKUP.findVirtual(Runnable.class, "run", MethodType.methodType(void.class));
        return MethodHandles.dropArguments(run.bindTo(action), 0, signal);
    }
}
