package io.github.captchacallback.protocol;

import io.github.captchacallback.address.IpAllowlist;
import io.github.captchacallback.http.CallbackRequest;
import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.provider.CallbackFormat;
import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.signature.Proof;
import io.github.captchacallback.signature.SignatureScheme;
import io.github.captchacallback.source.Origin;
import io.github.captchacallback.source.SourceFilter;
import io.github.captchacallback.source.TrustedProxies;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs the checks of the protocol that need no store, in its order: method, HTTPS, source, path and query, signature, age, and
 * only then the body, because a sender can make that as large and as slow as it likes. Changes nothing, and is safe for use
 * by several threads.
 */
public final class Verification {

    private final CallbackSettings settings;
    private final InstantSource clock;
    private final SourceFilter sources;
    private final TrustedProxies proxies;
    private final CallbackPath path;
    private final CallbackParameters.Names names;
    private final CallbackFormat format;
    private final SignatureScheme scheme;
    private final Freshness freshness;

    public Verification(CallbackSettings settings, SignatureScheme scheme, SourceFilter sources, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.sources = sources;
        this.proxies = new TrustedProxies(
                new IpAllowlist(settings.source().trustedProxies()),
                settings.source().forwardedHeader());
        this.path = CallbackPath.of(settings);
        this.names = CallbackParameters.Names.of(settings);
        this.format = settings.format();
        this.scheme = scheme;
        this.freshness = Freshness.of(settings);
    }

    /** Reports whether a request is for the endpoint. One whose path cannot be read counts as such, and is malformed. */
    public boolean covers(CallbackRequest request) {
        try {
            return path.covers(request);
        } catch (RuntimeException e) {
            return true;
        }
    }

    public boolean overlaps(Verification other) {
        return path.overlaps(other.path);
    }

    /** Judges a request. What an adapter or its container throws on a client's input is malformed, and never an error of ours. */
    public Judgement judge(CallbackRequest request) {
        try {
            return check(request);
        } catch (RuntimeException e) {
            return new Judgement.Failed(
                    Refusal.MALFORMED,
                    "the server could not read the request: " + e.getClass().getSimpleName(),
                    null,
                    null);
        }
    }

    private Judgement check(CallbackRequest request) {
        if (!settings.methods().contains(request.method())) {
            return new Judgement.Failed(
                    Refusal.METHOD_NOT_ALLOWED, "allowed are " + String.join(", ", settings.methods()), null, null);
        }
        Origin origin = proxies.origin(request.remoteAddress(), request.secure(), request::headers);
        if (settings.requireHttps() && !origin.secure()) {
            return new Judgement.Failed(Refusal.HTTPS_REQUIRED, forwarding(request), null, origin);
        }
        if (!sources.permits(origin.address())) {
            return new Judgement.Failed(Refusal.SOURCE_NOT_ALLOWED, forwarding(request), null, origin);
        }
        if (!path.isPlain(request.path())) {
            return malformed("the path is not spelled " + settings.path(), origin);
        }
        CallbackParameters parameters = new CallbackParameters(names);
        String problem = parameters.addQuery(request.query());
        if (problem != null) {
            return malformed(problem, origin);
        }
        boolean bodyFirst = scheme.needsTaskId() && parameters.taskId() == null;
        if (bodyFirst) {
            problem = parameters.addBody(request);
            if (problem != null) {
                return malformed(problem, origin);
            }
        }
        Proof proof = scheme.read(token(request, parameters), parameters.timestamp(), parameters.taskId());
        if (proof == null) {
            return malformed("the token or its time is not of the form that this endpoint issues", origin);
        }
        if (!proof.authentic()) {
            return new Judgement.Failed(Refusal.INVALID_SIGNATURE, "no key of the ring fits", proof, origin);
        }
        if (!freshness.admits(proof.issuedAt(), clock.instant())) {
            return expired(proof, origin);
        }
        if (!bodyFirst) {
            problem = parameters.addBody(request);
            if (problem != null) {
                return malformed(problem, origin);
            }
        }
        return afterTheBody(parameters, proof, origin);
    }

    /** The body may have taken any time to arrive, so that the callback's age is judged again, by the time that it arrived. */
    private Judgement afterTheBody(CallbackParameters parameters, Proof proof, Origin origin) {
        Instant arrived = clock.instant();
        if (!freshness.admits(proof.issuedAt(), arrived)) {
            return expired(proof, origin);
        }
        CallbackFormat.Reading reading = parameters.result(format);
        if (reading instanceof CallbackFormat.Reading.Malformed malformed) {
            return malformed(malformed.problem(), origin);
        }
        return new Judgement.Genuine(
                Objects.requireNonNull(parameters.taskId()),
                ((CallbackFormat.Reading.Complete) reading).result(),
                arrived,
                proof,
                origin,
                parameters.all());
    }

    private @Nullable String token(CallbackRequest request, CallbackParameters parameters) {
        String inPath = path.token(request.path());
        return inPath == null ? parameters.token() : inPath;
    }

    private static Judgement.Failed malformed(String problem, Origin origin) {
        return new Judgement.Failed(Refusal.MALFORMED, problem, null, origin);
    }

    private Judgement.Failed expired(Proof proof, Origin origin) {
        Instant issuedAt = Objects.requireNonNull(proof.issuedAt());
        long age = Duration.between(issuedAt, clock.instant()).toSeconds();
        String detail = age < 0
                ? "it was issued " + -age + " s in the future, and "
                        + settings.freshness().clockSkew().toSeconds() + " s are allowed: compare the nodes' clocks"
                : "it was issued " + age + " s ago, and "
                        + settings.freshness().ttl().toSeconds() + " s are allowed by freshness.ttl";
        return new Judgement.Failed(Refusal.EXPIRED, detail, proof, origin);
    }

    /** Returns which forwarded header was ignored, which is what most often explains a wrong address or scheme. */
    private String forwarding(CallbackRequest request) {
        String header = settings.source().forwardedHeader().headerName();
        String peer = TrustedProxies.shown(request.remoteAddress());
        boolean present = !request.headers(header).isEmpty()
                || !request.headers("X-Forwarded-Proto").isEmpty();
        if (proxies.trusts(request.remoteAddress())) {
            return present ? "as the proxy " + peer + " says" : "the proxy " + peer + " sent no " + header;
        }
        return present
                ? "the forwarded headers from " + peer + " were ignored: if that is a proxy of yours, add it to"
                        + " source.trusted-proxies"
                : "there was no forwarded header";
    }
}
