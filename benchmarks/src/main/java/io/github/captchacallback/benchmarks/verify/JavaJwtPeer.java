package io.github.captchacallback.benchmarks.verify;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;
import java.time.Instant;

/** Verifies a token of java-jwt: HS256 over header and claims, and the age. */
public class JavaJwtPeer extends Peer<String> {

    private final JWTVerifier verifier =
            JWT.require(Algorithm.HMAC256(WholeVerification.SECRET)).build();

    @Override
    String sign(String secret, Payload payload) {
        return JWT.create()
                .withExpiresAt(Instant.now().plusSeconds(300))
                .withClaim("id", Payload.TASK_ID)
                .withClaim("code", payload.code())
                .sign(Algorithm.HMAC256(secret));
    }

    @Override
    boolean accepts(Payload payload, String signature) {
        try {
            return verifier.verify(signature) != null;
        } catch (JWTVerificationException e) {
            return false;
        }
    }
}
