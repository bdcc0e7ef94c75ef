package drover.engine.lane;

/** The numbers of {@code docs/formats/lane.md}, the same as in {@code lanes.h}. */
final class LaneProtocol {

    static final int VERSION = 2;

    static final int HELLO = 1;
    static final int LEAVE = 2;
    static final int ACK = 3;
    static final int RETURN = 4;
    static final int WELCOME = 16;
    static final int DISPATCH = 17;
    static final int DRAIN = 18;
    static final int ASK = 19;
    static final int TOOK = 20;
    static final int REBALANCE = 21;
    static final int REFUSED = 22;
    static final int ROOM = 23;
    static final int CUSTODY = 32;

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
    static final int RECORD_DESCRIPTORS = RECORD_PORT + 2;
    static final int RECORD_STAGE = RECORD_DESCRIPTORS + 2;
    static final int RECORD_SINCE = RECORD_STAGE + 2;
    static final int RECORD_SIZE = RECORD_SINCE + 8;

    static final int MAX_RECORDS = 64;
    static final int MAX_DESCRIPTORS = 3;

    private LaneProtocol() {}
}
