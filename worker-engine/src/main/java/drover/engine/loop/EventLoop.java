package drover.engine.loop;

import drover.engine.accesslog.LogLine;
import drover.engine.accesslog.LogRing;
import drover.engine.accesslog.Served;
import drover.engine.config.ClientsConfig;
import drover.engine.files.DocumentRoot;
import drover.engine.files.FileThreads;
import drover.engine.files.Lookup;
import drover.engine.http.Request;
import drover.engine.http.Status;
import drover.engine.lane.Accepted;
import drover.engine.lane.Drain;
import drover.engine.lane.Handover;
import drover.engine.lane.Lane;
import drover.engine.lane.LaneListener;
import drover.engine.log.Log;
import drover.engine.posix.Adoption;
import drover.engine.respond.Answer;
import drover.engine.respond.Responder;
import drover.engine.stats.Counter;
import drover.engine.stats.LoopStats;
import drover.engine.stats.Section;
import drover.engine.vhost.Site;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread that serves many connections: its lane brings them, its selector says which of them are ready, and all that
 * they do, they do here. Other threads reach it through {@link #execute} only. Any failure that is not one client's ends
 * the process with code 70: a loop that does not turn would be a worker that lives and serves nothing.
 */
public final class EventLoop implements Runnable, LaneListener {

    public static final int EXIT_LOOP_FAILED = 70;

    /** The longest wait, so that the heartbeat goes on and late connections are found. */
    private static final long MAX_WAIT_MILLIS = 200;

    private static final long WARNING_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long SWEEP_NANOS = Duration.ofMillis(100).toNanos();

    /** While draining, a kept-alive connection without a request for this long is closed: none is on its way, it seems. */
    private static final long DRAINING_IDLE_NANOS = Duration.ofSeconds(1).toNanos();

    private static final int INPUT_BYTES = 64 * 1024;
    private static final int OUTPUT_BYTES = 256 * 1024;

    /** What a loop works with: its own, and what all loops of the worker share. */
    public record Setup(
            int number,
            LoopStats stats,
            Lane.Connector lanes,
            Responder responder,
            DocumentRoot documentRoot,
            FileThreads fileThreads,
            FileThreads readers,
            Optional<LogRing> logRing,
            Capacity capacity,
            LogLine logLine,
            ClientsConfig clients,
            Optional<AddressLimit> addressLimit,
            Duration keepAlive,
            Duration drain,
            Runnable onChange) {}

    private final Setup setup;
    private final Selector selector;
    private final LaneLink link;
    private final Departures departures;
    private final LoopClock clock = new LoopClock();
    private final Lag lag = new Lag();
    private final Deadlines deadlines;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final List<SocketChannel> deregistering = new ArrayList<>();
    private final ByteBuffer received = ByteBuffer.allocateDirect(INPUT_BYTES);
    private final byte[] input = new byte[INPUT_BYTES];
    private final ByteBuffer output = ByteBuffer.allocateDirect(OUTPUT_BYTES);

    private boolean clockIsOld;
    private long sweptNanos;
    private long warnedOfProxyNanos = System.nanoTime() - WARNING_NANOS;
    private int connections;
    private long drainingSinceNanos;
    private Drain drain = Drain.ALONE;
    private volatile boolean welcomed;
    private volatile boolean draining;
    private volatile boolean finished;

    public EventLoop(Setup setup) throws IOException {
        this.setup = setup;
        this.selector = Selector.open();
        this.deadlines = new Deadlines(setup.keepAlive());
        this.link = new LaneLink(setup.lanes(), selector);
        this.departures = new Departures(link, deadlines, setup.stats().section());
    }

    // ---- the turn

    @Override
    public void run() {
        try {
            while (!draining || connections > 0 || departures.mayComeBack()) {
                turn();
                if (draining && clock.nanos() - drainingSinceNanos > drainNanos()) {
                    Log.warn("drain cut short loop=" + setup.number() + " connections=" + connections);
                    break;
                }
            }
            closeAll();
            link.close();
            finished = true;
            setup.onChange().run();
        } catch (Throwable failure) {
            Log.error("event loop failed loop=" + setup.number(), failure);
            Runtime.getRuntime().halt(EXIT_LOOP_FAILED);
        }
    }

    private void turn() throws IOException {
        clockIsOld = true;
        if (tasks.isEmpty()) {
            selector.select(this::onSelected, link.isAwaited() ? LaneLink.RETRY_MILLIS : MAX_WAIT_MILLIS);
        } else {
            selector.selectNow(this::onSelected);
        }
        refreshClock();
        long begun = clock.nanos();
        runTasks();
        sweep();
        closeDeregistered();
        link.tend(clock.nanos());
        giveBack();
        stats().set(Counter.LOOP_LAG, lag.longest(begun, System.nanoTime()));
        stats().beat(clock.nanos());
    }

    private void onSelected(SelectionKey key) {
        refreshClock();
        if (key.attachment() instanceof Connection connection) {
            connection.onReady();
        } else {
            receiveFromLane();
        }
    }

    private void receiveFromLane() {
        try {
            link.receive(this);
        } catch (IOException broken) {
            warn("lane failed why=\"" + broken.getMessage() + "\"");
            ended();
        }
    }

    private void refreshClock() {
        if (clockIsOld) {
            clock.read();
            clockIsOld = false;
        }
    }

    private void runTasks() {
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void sweep() {
        long now = clock.nanos();
        if (now - sweptNanos < SWEEP_NANOS) {
            return;
        }
        sweptNanos = now;
        setup.addressLimit().ifPresent(limit -> limit.beat(now));
        for (var phase : Phase.values()) {
            deadlines.expire(phase, now, EventLoop::late);
        }
        if (finishesAlone()) {
            deadlines.expire(Phase.IDLE, DRAINING_IDLE_NANOS, now, EventLoop::late);
        }
    }

    private static void late(Deadlines.Timed timed) {
        ((Connection) timed).onLate();
    }

    /**
     * Closes what was cancelled, after the selector has let go of it: closing a registered channel costs two system calls
     * more.
     */
    private void closeDeregistered() throws IOException {
        if (deregistering.isEmpty()) {
            return;
        }
        clockIsOld = true;
        var channels = List.copyOf(deregistering);
        deregistering.clear();
        selector.selectNow(this::onSelected);
        for (var channel : channels) {
            end(channel);
        }
    }

    /** The master may still hold a copy, and then a close alone would not tell the client. */
    private static void end(SocketChannel channel) throws IOException {
        channel.shutdownOutput();
        channel.close();
    }

    private void closeAll() throws IOException {
        for (var key : List.copyOf(selector.keys())) {
            if (key.attachment() instanceof Connection connection) {
                connection.close();
            }
        }
        closeDeregistered();
    }

    // ---- what the lane brings

    @Override
    public void welcomed() {
        welcomed = true;
        setup.onChange().run();
    }

    @Override
    public void accepted(int fd, Accepted accepted) {
        take(fd, accepted, /* isNew= */ true).ifPresent(Connection::open);
    }

    private Optional<Connection> take(int fd, Accepted accepted, boolean isNew) {
        stats().increment(Counter.CONNECTIONS_DISPATCHED);
        var channel = Adoption.tcp(fd, accepted.peer());
        try {
            channel.configureBlocking(false);
        } catch (IOException broken) {
            throw new IllegalStateException("cannot take connection " + accepted.sequence(), broken);
        }
        var client = new Client(
                setup.clients(), setup.addressLimit(), accepted.peer().getAddress());
        if (isNew && !client.awaitsHeader() && !client.enter()) {
            reject(channel, Counter.CONNECTIONS_REJECTED_IP_LIMIT);
            return Optional.empty();
        }
        connections++;
        if (setup.capacity().isNearlyFull(connections) && !makeRoom()) {
            connections--;
            client.leave();
            reject(channel, Counter.CONNECTIONS_REJECTED_OVERLOAD);
            return Optional.empty();
        }
        return Optional.of(new Connection(this, channel, fd, accepted, client));
    }

    /** Closes the oldest idle connection; false if none is idle and there is no room at all. */
    private boolean makeRoom() {
        var oldest = deadlines.oldest(Phase.IDLE);
        if (oldest.isEmpty()) {
            return !setup.capacity().isFull(connections);
        }
        stats().increment(Counter.CONNECTIONS_RECLAIMED);
        ((Connection) oldest.get()).close();
        return true;
    }

    private void reject(SocketChannel channel, Counter why) {
        stats().increment(why);
        try {
            end(channel);
        } catch (IOException failure) {
            warn("connection not closed why=\"" + failure.getMessage() + "\"");
        }
    }

    @Override
    public void lost(int lost) {
        stats().add(Counter.CONNECTIONS_DISPATCHED, lost);
        stats().add(Counter.CONNECTIONS_LOST_IN_DISPATCH, lost);
        warn("connections lost in dispatch count=" + lost + " why=\"out of descriptors\"");
    }

    // ---- hand-over

    @Override
    public void handedOver(Handover handover) {
        take(handover.descriptors()[0], handover.accepted(), /* isNew= */ false)
                .ifPresentOrElse(connection -> connection.goOn(handover), () -> Luggage.drop(handover));
    }

    @Override
    public void drain(Drain how) {
        drain = how;
        link.retire();
        link.letGo();
        if (!draining) {
            draining = true;
            drainingSinceNanos = clock.nanos();
            setup.onChange().run();
        }
    }

    @Override
    public void took(int count) {
        connections -= departures.took(count, drain, draining);
    }

    @Override
    public void room() {
        departures.room();
    }

    @Override
    public void rebalance(int count) {
        departures.ask(count);
    }

    @Override
    public void custody(int[] listeners) {
        link.keep(listeners);
    }

    @Override
    public void refused() {
        warn("lane refused");
        drain(Drain.ALONE);
    }

    /** Without a master nobody can take connections over; a loop that does not drain serves on and waits for the next. */
    @Override
    public void ended() {
        try {
            link.close();
            departures.stay();
        } catch (IOException failure) {
            throw new IllegalStateException("cannot close a lane", failure);
        }
        if (draining) {
            drain = Drain.ALONE;
        } else {
            Log.info("master gone loop=" + setup.number());
        }
    }

    private void giveBack() throws IOException {
        if (departures.choose(draining && drain != Drain.ALONE)) {
            clockIsOld = true;
            selector.selectNow(this::onSelected);
            refreshClock();
            try {
                departures.send();
            } catch (IOException broken) {
                warn("lane failed why=\"" + broken.getMessage() + "\"");
                ended();
            }
        }
    }

    /** Whether connections end here, because this loop leaves and nobody takes them over. */
    boolean finishesAlone() {
        return draining && drain == Drain.ALONE;
    }

    // ---- for other threads

    /** Runs a task on this loop's thread, soon. */
    public void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** Asks the master to send no more, which begins the drain. */
    public void leave() {
        execute(() -> {
            try {
                if (!link.leave()) {
                    drain(Drain.ALONE);
                }
            } catch (IOException masterGone) {
                drain(Drain.ALONE);
            }
        });
    }

    /** Whether the master has welcomed the lane. */
    public boolean isWelcomed() {
        return welcomed;
    }

    public boolean isDraining() {
        return draining;
    }

    public boolean isFinished() {
        return finished;
    }

    // ---- for its connections

    /** A connection has become idle: it may have to leave. */
    void idle(Connection connection) {
        departures.idle(connection);
    }

    /** A connection has ended. */
    void forget(Connection connection) {
        departures.forget(connection);
    }

    /** Reads at most {@link #INPUT_BYTES} into {@link #received}; −1 at the end of the stream. */
    int receive(SocketChannel channel) throws IOException {
        received.clear();
        int count = channel.read(received);
        received.flip();
        stats().add(Counter.REQUEST_BYTES, Math.max(0, count));
        return count;
    }

    ByteBuffer received() {
        return received;
    }

    byte[] input() {
        return input;
    }

    /** Empty whenever a connection is called. */
    ByteBuffer output() {
        return output;
    }

    boolean draining() {
        return draining;
    }

    /** How long a drain may take. */
    long drainNanos() {
        return setup.drain().toNanos();
    }

    Section stats() {
        return setup.stats().section();
    }

    /** What it counts by virtual host, and its flight recorder. */
    LoopStats loopStats() {
        return setup.stats();
    }

    LoopClock clock() {
        return clock;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    Responder responder() {
        return setup.responder();
    }

    /** Has the responder's path looked up; false if too many look-ups wait. */
    boolean look(Connection connection, Answer.Look look) {
        return look(connection, lookUp(look));
    }

    private Supplier<Lookup> lookUp(Answer.Look look) {
        var path = responder().path();
        return () -> setup.documentRoot().look(look.site(), path, look.accepted(), look.form());
    }

    /** Has a password checked and then the responder's path looked up; false if too many passwords wait. */
    boolean logIn(Connection connection, Request request, Answer.Login login) {
        var lookUp = lookUp(login.look());
        var refused = new Lookup.Closed(Status.UNAUTHORIZED);
        return responder().logins().check(login.protection(), login.credentials(), request, admitted -> {
            boolean taken = admitted
                    ? look(connection, lookUp)
                    : lookForPage(connection, login.look().site(), refused);
            if (!taken) {
                execute(() -> connection.onLookup(new Lookup.Closed(Status.SERVICE_UNAVAILABLE)));
            }
        });
    }

    /** Has the site's page for a refusal looked up; false if too many look-ups wait. */
    boolean lookForPage(Connection connection, Site site, Lookup.Refusal refusal) {
        return look(connection, () -> setup.documentRoot().withPage(site, refusal));
    }

    private boolean look(Connection connection, Supplier<Lookup> look) {
        return setup.fileThreads().submit(() -> {
            var lookup = looked(look);
            execute(() -> connection.onLookup(lookup));
        });
    }

    /**
     * Has a stretch of a file read from the disk for a connection. Threads of their own do it: a slow disk that they all
     * wait for keeps no look-up waiting. If there are more connections that wait than may stand before them, this one's
     * stretch is sent unread.
     */
    void readAhead(Connection connection, Output.Stretch stretch) {
        Runnable goOn = () -> {
            letGo(stretch);
            connection.onReadAhead();
        };
        boolean submitted = setup.readers().submit(() -> {
            stretch.file().readAhead(stretch.position(), stretch.count());
            execute(goOn);
        });
        if (!submitted) {
            execute(goOn);
        }
    }

    private void letGo(Output.Stretch stretch) {
        try {
            stretch.file().release();
        } catch (IOException failure) {
            warn("file not closed why=\"" + failure.getMessage() + "\"");
        }
    }

    /** A bug in a look-up is one client's trouble, who must not wait for ever. */
    private static Lookup looked(Supplier<Lookup> look) {
        try {
            return look.get();
        } catch (RuntimeException bug) {
            Log.error("look-up failed", bug);
            return new Lookup.Failed("the error above");
        }
    }

    /** System.nanoTime, read anew because most requests are answered within one turn; 0 if nobody wants to know. */
    long nanos() {
        return setup.logRing().isEmpty() && !setup.stats().meters() ? 0 : System.nanoTime();
    }

    /** Logs an answer that is over. */
    void log(Request request, Served served) {
        if (setup.logRing().isEmpty()) {
            return;
        }
        var line = setup.logLine();
        line.render(request, served, clock.millis());
        if (!setup.logRing().get().offer(line.bytes(), line.length())) {
            stats().increment(Counter.ACCESS_LOG_DROPPED_LINES);
        }
    }

    void error(String event) {
        Log.error(event + " loop=" + setup.number());
    }

    void warn(String event) {
        Log.warn(event + " loop=" + setup.number());
    }

    /** Says that a proxy did not begin with its header; once a second is enough to find out why. */
    void warnOfProxy(String proxy, String why) {
        if (clock.nanos() - warnedOfProxyNanos > WARNING_NANOS) {
            warnedOfProxyNanos = clock.nanos();
            warn("connection refused remote=" + proxy + " why=\"" + why + "\"");
        }
    }

    SelectionKey register(SocketChannel channel, int operations, Connection connection) throws IOException {
        return channel.register(selector, operations, connection);
    }

    void release(SocketChannel channel, @Nullable SelectionKey key, Exchange last) {
        connections--;
        try {
            last.end();
            if (key == null) {
                end(channel);
            } else {
                key.cancel();
                deregistering.add(channel);
            }
        } catch (IOException failure) {
            warn("connection not closed why=\"" + failure.getMessage() + "\"");
        }
    }
}
