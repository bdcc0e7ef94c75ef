package drover.engine.http;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a {@code Range} asks for. */
@State(Scope.Thread)
public class ByteRangesBenchmark {

    private static final long LENGTH = 256 << 20;

    private final String one = "bytes=1048576-1114111";
    private final String sixteenThatJoin =
            "bytes=0-9,10-19,20-29,30-39,40-49,50-59,60-69,70-79,80-89,90-99,100-109,110-119,120-129,130-139,140-149,-5";

    @Benchmark
    public ByteRanges one() {
        return ByteRanges.parse(one, LENGTH);
    }

    @Benchmark
    public ByteRanges sixteenThatJoin() {
        return ByteRanges.parse(sixteenThatJoin, LENGTH);
    }
}
