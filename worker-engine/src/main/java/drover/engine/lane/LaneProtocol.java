package drover.engine.lane;

/** The numbers of {@code docs/formats/lane.md}, the same as in {@code lanes.h}. */
final class LaneProtocol {

    static final int VERSION = 1;

    static final int HELLO = 1;
    static final int LEAVE = 2;
    static final int WELCOME = 16;
    static final int DISPATCH = 17;
    static final int DRAIN = 18;

    static final int MESSAGE_TYPE = 0;
    static final int MESSAGE_COUNT = MESSAGE_TYPE + 4;
    static final int MESSAGE_HEAD = MESSAGE_COUNT + 4;

    static final int HELLO_VERSION = MESSAGE_HEAD;
    static final int HELLO_SLOT = HELLO_VERSION + 4;
    static final int HELLO_SEAT = HELLO_SLOT + 4;
    static final int HELLO_LOOP = HELLO_SEAT + 4;
    static final int HELLO_SIZE = HELLO_LOOP + 4;

    static final int RECORD_SEQUENCE = 0;
    static final int RECORD_ACCEPTED_AT = RECORD_SEQUENCE + 8;
    static final int RECORD_ADDRESS = RECORD_ACCEPTED_AT + 8;
    static final int RECORD_FAMILY = RECORD_ADDRESS + 16;
    static final int RECORD_PORT = RECORD_FAMILY + 2;
    static final int RECORD_SIZE = RECORD_PORT + 2 + 4;

    static final int MAX_RECORDS = 64;

    private LaneProtocol() {}
}
