package drover.engine.lane;

/** What an event loop does with what its lane brings; called on that loop's thread. */
public interface LaneListener {

    /** The master counts the lane as open. */
    void welcomed();

    /** A connection to serve: the listener owns the descriptor from here on. */
    void accepted(int fd, Accepted accepted);

    /** Records came without their descriptors, because this process may open no more. */
    void lost(int connections);

    /** Nothing follows on this lane: the master asked to drain, or it is gone. */
    void drain();
}
