package io.github.captchacallback.benchmarks.address;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import io.github.captchacallback.address.IpAddress;
import io.github.captchacallback.benchmarks.Baseline;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Measures readers of address literals alone, each by what it makes of the text. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LiteralBenchmark {

    @Param
    public Family family = Family.IPV4;

    private String[] literals = {};
    private int next;

    /** Prepares literals as a servlet container gives them. */
    @Setup
    public void prepare() {
        SplittableRandom random = new SplittableRandom(Blocks.CLIENTS);
        literals = Stream.generate(() -> Family.text(family.random(random)))
                .limit(Blocks.CLIENTS)
                .toArray(String[]::new);
    }

    private String nextLiteral() {
        next = (next + 1) & (Blocks.CLIENTS - 1);
        return literals[next];
    }

    @Benchmark
    public @Nullable IpAddress ours() {
        return IpAddress.parse(nextLiteral());
    }

    @Benchmark
    @Baseline
    public InetAddress jdk() throws UnknownHostException {
        return InetAddress.getByName(nextLiteral());
    }

    @Benchmark
    public @Nullable IPAddress ipaddress() {
        return new IPAddressString(nextLiteral()).getAddress();
    }
}
