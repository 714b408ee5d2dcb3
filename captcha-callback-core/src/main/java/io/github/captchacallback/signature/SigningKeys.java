package io.github.captchacallback.signature;

import io.github.captchacallback.settings.Secret;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds a ring of signing keys: the active one signs, and every one verifies, so that a key is replaced without refusing
 * what its predecessor signed. Immutable and safe for use by several threads.
 */
public final class SigningKeys {

    private final Map<String, SigningKey> keys = new LinkedHashMap<>();
    private final SigningKey active;

    /** Stands in for an unknown key id, so that asking for one costs as much as asking for a known one. */
    private final SigningKey decoy;

    /**
     * Makes a ring.
     *
     * @param secrets the secrets by key id
     * @param activeKey the id of the key that signs
     * @throws IllegalArgumentException where the active key is not among the secrets
     */
    public SigningKeys(Map<String, Secret> secrets, String activeKey) {
        secrets.forEach((id, secret) -> keys.put(id, new SigningKey(id, secret.bytes())));
        SigningKey signing = keys.get(activeKey);
        if (signing == null) {
            throw new IllegalArgumentException("no key '" + activeKey + "' in the ring " + keys.keySet());
        }
        this.active = signing;
        byte[] random = new byte[Secret.MIN_BYTES];
        new SecureRandom().nextBytes(random);
        this.decoy = new SigningKey("", random);
    }

    SigningKey active() {
        return active;
    }

    /** Says whether the key of that id signed the message; takes as long for an id that is not in the ring. */
    boolean signed(String keyId, byte[] message, String mac) {
        SigningKey key = keys.get(keyId);
        boolean signed = (key == null ? decoy : key).signed(message, mac);
        return signed && key != null;
    }

    /** Returns the id of the key that signed the message, or null; tries every key, whichever matches. */
    @Nullable
    String signer(byte[] message, String mac) {
        String signer = null;
        for (SigningKey key : keys.values()) {
            if (key.signed(message, mac)) {
                signer = key.id();
            }
        }
        return signer;
    }

    /** Returns the key ids, and nothing of the secrets. */
    @Override
    public String toString() {
        return "SigningKeys" + keys.keySet() + ", active " + active.id();
    }
}
