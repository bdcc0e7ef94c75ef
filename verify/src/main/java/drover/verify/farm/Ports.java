package drover.verify.farm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports for programs that cannot be told to take any that is free and say which. */
public final class Ports {

    private Ports() {}

    /** One of the loopback interface that was free just now. */
    public static int free() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
