package drover.admin.supervision;

import drover.admin.events.Event;
import drover.engine.stats.RegionReader.SeatReading;
import java.io.IOException;
import java.util.Optional;

/** What a slot can have done, and what it asks about the world. */
interface SlotActions {

    /** Starts a worker in a seat. */
    Launcher.Started launch(int slot, int seat, Release release) throws IOException;

    /** Has the master send the worker in a seat nothing more. */
    void drain(int slot, int seat) throws IOException;

    /** What stands in a process's seat, unless another process, or none, wrote it. */
    Optional<SeatReading> reading(int slot, Member member);

    /** Why a process ended that nobody had told to. */
    RestartReason endedBy(int slot, Member member);

    /** The last line that the slot's workers wrote to their log. */
    String lastWords(int slot);

    /**
     * Has it written down what a process was at that is dead or hangs, before the next one takes its seat; of one whose report
     * was begun when it hung, how it ended. {@link Member#report} is there from then on.
     */
    void report(int slot, Member member, RestartReason reason);

    /** Has a process write what its threads do, to its log. */
    void askForThreads(int slot, Member member);

    /** Has it written down that something happened. */
    void happened(Event event);

    /** Kills a process that was asked for its threads, and keeps what it wrote; not while another such kill is fresh. */
    void killForGood(int slot, Member member, String why, long now);
}
