package drover.engine.auth;

import drover.engine.http.BasicCredentials;
import drover.engine.http.Field;
import drover.engine.http.Request;
import drover.engine.log.Log;
import drover.engine.vhost.Protection;
import java.security.SecureRandom;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Checks passwords, for all loops of a worker. bcrypt costs a tenth of a second of a core, so it is done by threads of its
 * own, half as many as there are cores, behind a short queue: whoever floods it with guesses is turned away, and takes turns
 * from others who sign in but not from look-ups. Who was let in once is known by a seal, at the price of a hash.
 */
public final class Logins {

    private static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);

    private static final int QUEUE = 16;
    private static final int KEY_BYTES = 32;

    private final IdentityHashMap<Protection, Door> doors = new IdentityHashMap<>();
    private final byte[] key = new byte[KEY_BYTES];
    private final Optional<ThreadPoolExecutor> threads;

    /** A worker whose sites protect nothing has no threads for it. */
    public Logins(List<Protection> protections) {
        protections.forEach(protection -> doors.put(protection, new Door(protection)));
        if (protections.isEmpty()) {
            threads = Optional.empty();
            return;
        }
        new SecureRandom().nextBytes(key);
        threads = Optional.of(new ThreadPoolExecutor(
                THREADS, THREADS, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), Logins::thread));
        threads.get().execute(Blowfish::prepare);
    }

    private static Thread thread(Runnable task) {
        var thread = new Thread(task, "login");
        thread.setDaemon(true);
        return thread;
    }

    /** Reads the files of users again; one thread. */
    public void refresh() {
        doors.values().forEach(Door::refresh);
    }

    /** What one event loop asks; only its thread may. */
    public final class Desk {

        private final Seal.Maker seals = new Seal.Maker(key);

        /** Who a request comes from, if that is known already. */
        public Optional<String> known(Protection protection, Request request) {
            return request.has(Field.AUTHORIZATION)
                    ? passwords(protection).remembered(seal(request))
                    : Optional.empty();
        }

        /**
         * Has a request's credentials checked; false if too many wait.
         *
         * @param then is told on another thread whether they are right
         */
        public boolean check(
                Protection protection, BasicCredentials credentials, Request request, Consumer<Boolean> then) {
            var seal = seal(request);
            try {
                threads.orElseThrow().execute(() -> then.accept(admits(passwords(protection), credentials, seal)));
                return true;
            } catch (RejectedExecutionException full) {
                return false;
            }
        }

        private Seal seal(Request request) {
            return seals.of(
                    request.bytes(), request.valueStart(Field.AUTHORIZATION), request.valueEnd(Field.AUTHORIZATION));
        }
    }

    public Desk desk() {
        return new Desk();
    }

    private PasswordList passwords(Protection protection) {
        return Objects.requireNonNull(doors.get(protection)).passwords();
    }

    /** A browser says the same on several connections at once: one of them pays. A bug lets nobody in. */
    private static boolean admits(PasswordList passwords, BasicCredentials credentials, Seal seal) {
        try {
            if (passwords.remembered(seal).isPresent()) {
                return true;
            }
            boolean admits = passwords.admits(credentials);
            if (admits) {
                passwords.remember(seal, credentials.user());
            }
            return admits;
        } catch (RuntimeException bug) {
            Log.error("password not checked", bug);
            return false;
        }
    }
}
