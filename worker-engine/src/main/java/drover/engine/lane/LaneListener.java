package drover.engine.lane;

/** What an event loop does with what its lane brings; called on that loop's thread. */
public interface LaneListener {

    /** The master counts the lane as open. */
    void welcomed();

    /** A connection to serve: the listener owns the descriptor from here on. */
    void accepted(int fd, Accepted accepted);

    /** A connection that another worker served until now: the listener owns the descriptors from here on. */
    void handedOver(Handover connection);

    /** Records came without their descriptors, because this process may open no more. */
    void lost(int connections);

    /** No new connection follows. */
    void drain(Drain how);

    /** How many of the connections that were given back are the master's now; the others are this loop's still. */
    void took(int connections);

    /** Connections may be given back (again). */
    void room();

    /** To give so many connections back, once, each when it is idle. */
    void rebalance(int connections);

    /** Copies of the listening sockets, in the place of those that came before: the listener owns them. */
    void custody(int[] listeners);

    /** There is no place for this worker. */
    void refused();

    /** The master is gone. */
    void ended();
}
