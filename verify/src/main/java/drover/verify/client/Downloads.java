package drover.verify.client;

import java.net.InetSocketAddress;

/** Clients that download something large at a bounded rate, again and again. */
public final class Downloads extends Load {

    private Downloads() {}

    public static Downloads start(InetSocketAddress address, Page page, int count, long bytesPerSecond) {
        var downloads = new Downloads();
        for (int client = 0; client < count; client++) {
            downloads.client(() -> downloads.work(address, page, bytesPerSecond));
        }
        return downloads;
    }

    private void work(InetSocketAddress address, Page page, long bytesPerSecond) {
        do {
            long begun = System.nanoTime();
            int port = 0;
            try (var wire = Wire.open(address)) {
                port = wire.localPort();
                wire.get(page, bytesPerSecond);
                tally().succeeded(System.nanoTime() - begun);
            } catch (Failed failure) {
                tally().failed(failure, port, begun);
            }
        } while (running().getAsBoolean());
    }
}
