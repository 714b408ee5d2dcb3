package io.github.captchacallback.samples.tasks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens as the protocol describes them, with nothing of the library. */
public record WireToken(String secret, String keyId, String reference, long issuedAt, String audience) {

    public static final String REFERENCE = "a-reference-nobody-expects";

    public static WireToken of(Demo demo, long issuedAt) {
        return new WireToken(Demo.SECRET, Demo.KEY_ID, REFERENCE, issuedAt, demo.publicUrl());
    }

    public WireToken signedBy(String otherSecret) {
        return new WireToken(otherSecret, keyId, reference, issuedAt, audience);
    }

    public WireToken underKeyId(String otherKeyId) {
        return new WireToken(secret, otherKeyId, reference, issuedAt, audience);
    }

    public WireToken forReference(String otherReference) {
        return new WireToken(secret, keyId, otherReference, issuedAt, audience);
    }

    public WireToken forAudience(String otherAudience) {
        return new WireToken(secret, keyId, reference, issuedAt, otherAudience);
    }

    public String text() {
        return "v1." + keyId + "." + reference + "." + issuedAt + "."
                + hmac("v1\n" + keyId + "\n" + reference + "\n" + issuedAt + "\n" + audience);
    }

    private String hmac(String message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(message.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the target of a callback with this token. */
    public String target() {
        return Demo.PATH + "?token=" + text() + "&id=4711&code=an-answer";
    }
}
