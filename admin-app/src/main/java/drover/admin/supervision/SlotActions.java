package drover.admin.supervision;

import drover.engine.stats.SeatState;
import java.io.IOException;

/** What a slot can have done, and what it asks about the world. */
interface SlotActions {

    /** Starts a worker in a seat. */
    Member launch(int slot, int seat) throws IOException;

    /** Has the master send the worker in a seat nothing more. */
    void drain(int slot, int seat) throws IOException;

    /** What the process says of itself in the region; EMPTY if another process, or none, speaks from that seat. */
    SeatState says(int slot, Member member);

    /** The last line that the slot's workers wrote to their log. */
    String lastWords(int slot);
}
