package io.github.captchacallback.benchmarks.verify;

import io.github.captchacallback.Verdict;
import io.github.captchacallback.benchmarks.Baseline;
import io.github.captchacallback.signature.Proof;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures a whole verification, store aside, and that of the token alone, against two floors and against peers: a reused
 * {@link Mac} over the message that our token signs, and bare SHA-256 over as many blocks as are left of that HMAC when its key's pads were hashed ahead.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class VerifyBenchmark {

    @Benchmark
    public Verdict genuine(WholeVerification ours) {
        return ours.genuine();
    }

    @Benchmark
    public Verdict forged(WholeVerification ours) {
        return ours.forged();
    }

    @Benchmark
    public Proof tokenGenuine(WholeVerification ours) {
        return ours.genuineToken();
    }

    @Benchmark
    public Proof tokenForged(WholeVerification ours) {
        return ours.forgedToken();
    }

    @Benchmark
    @Baseline
    public byte[] reusedMac(WholeVerification ours) {
        return ours.reusedMac();
    }

    @Benchmark
    public byte[] bareSha256(WholeVerification ours) {
        return ours.bareSha256();
    }

    @Benchmark
    @Fork(1)
    @Warmup(iterations = 2, time = 1)
    @Measurement(iterations = 3, time = 1)
    public boolean standardWebhooksGenuine(StandardWebhooksPeer peer) {
        return peer.genuine();
    }

    @Benchmark
    @Fork(1)
    @Warmup(iterations = 2, time = 1)
    @Measurement(iterations = 3, time = 1)
    public boolean standardWebhooksForged(StandardWebhooksPeer peer) {
        return peer.forged();
    }

    @Benchmark
    @Fork(1)
    @Warmup(iterations = 2, time = 1)
    @Measurement(iterations = 3, time = 1)
    public boolean svixGenuine(SvixPeer peer) {
        return peer.genuine();
    }

    @Benchmark
    @Fork(1)
    @Warmup(iterations = 2, time = 1)
    @Measurement(iterations = 3, time = 1)
    public boolean svixForged(SvixPeer peer) {
        return peer.forged();
    }

    @Benchmark
    @Fork(1)
    @Warmup(iterations = 2, time = 1)
    @Measurement(iterations = 3, time = 1)
    public boolean stripeGenuine(StripePeer peer) {
        return peer.genuine();
    }

    @Benchmark
    @Fork(1)
    @Warmup(iterations = 2, time = 1)
    @Measurement(iterations = 3, time = 1)
    public boolean stripeForged(StripePeer peer) {
        return peer.forged();
    }

    @Benchmark
    @Fork(1)
    @Warmup(iterations = 2, time = 1)
    @Measurement(iterations = 3, time = 1)
    public boolean twilioGenuine(TwilioPeer peer) {
        return peer.genuine();
    }

    @Benchmark
    @Fork(1)
    @Warmup(iterations = 2, time = 1)
    @Measurement(iterations = 3, time = 1)
    public boolean twilioForged(TwilioPeer peer) {
        return peer.forged();
    }

    @Benchmark
    @Fork(1)
    @Warmup(iterations = 2, time = 1)
    @Measurement(iterations = 3, time = 1)
    public boolean lineGenuine(LinePeer peer) {
        return peer.genuine();
    }

    @Benchmark
    @Fork(1)
    @Warmup(iterations = 2, time = 1)
    @Measurement(iterations = 3, time = 1)
    public boolean lineForged(LinePeer peer) {
        return peer.forged();
    }

    @Benchmark
    @Fork(1)
    @Warmup(iterations = 2, time = 1)
    @Measurement(iterations = 3, time = 1)
    public boolean javaJwtGenuine(JavaJwtPeer peer) {
        return peer.genuine();
    }

    @Benchmark
    @Fork(1)
    @Warmup(iterations = 2, time = 1)
    @Measurement(iterations = 3, time = 1)
    public boolean javaJwtForged(JavaJwtPeer peer) {
        return peer.forged();
    }

    @Benchmark
    @Fork(1)
    @Warmup(iterations = 2, time = 1)
    @Measurement(iterations = 3, time = 1)
    public boolean nimbusGenuine(NimbusPeer peer) {
        return peer.genuine();
    }

    @Benchmark
    @Fork(1)
    @Warmup(iterations = 2, time = 1)
    @Measurement(iterations = 3, time = 1)
    public boolean nimbusForged(NimbusPeer peer) {
        return peer.forged();
    }
}
