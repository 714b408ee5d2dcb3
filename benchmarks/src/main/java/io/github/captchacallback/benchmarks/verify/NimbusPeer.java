package io.github.captchacallback.benchmarks.verify;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;

/** Verifies a token of Nimbus: HS256 over header and claims; the claims themselves are left unread. */
public class NimbusPeer extends Peer<String> {

    private final MACVerifier verifier = verifier();

    @Override
    String sign(String secret, Payload payload) throws Exception {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                .claim("id", Payload.TASK_ID)
                .claim("code", payload.code())
                .build();
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        token.sign(new MACSigner(secret));
        return token.serialize();
    }

    @Override
    boolean accepts(Payload payload, String signature) {
        try {
            return SignedJWT.parse(signature).verify(verifier);
        } catch (ParseException | JOSEException e) {
            return false;
        }
    }

    private static MACVerifier verifier() {
        try {
            return new MACVerifier(WholeVerification.SECRET);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
