package io.github.captchacallback.signature;

import io.github.captchacallback.settings.Secret;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds a ring of signing keys: the active one signs, and every one verifies, so that a key is replaced without refusing
 * what its predecessor signed. Immutable and safe for use by several threads.
 */
public final class SigningKeys {

    /** The keys by their ids. */
    private final Map<String, SigningKey> keys;

    /** Stands in for an unknown key id, so that asking for one costs as much as asking for a known one. */
    private final SigningKey decoy;

    private final SigningKey active;

    /**
     * Makes a ring.
     *
     * @param secrets the secrets by key id
     * @param activeKey the id of the key that signs
     * @throws IllegalArgumentException where the active key is not among the secrets
     */
    public SigningKeys(Map<String, Secret> secrets, String activeKey) {
        keys = secrets.entrySet().stream()
                .map(secret -> new SigningKey(secret.getKey(), secret.getValue().bytes()))
                .collect(Collectors.toUnmodifiableMap(SigningKey::id, key -> key));
        byte[] random = new byte[Secret.MIN_BYTES];
        new SecureRandom().nextBytes(random);
        decoy = new SigningKey("", random);
        active = find(activeKey);
        if (isDecoy(active)) {
            throw new IllegalArgumentException("no key '" + activeKey + "' in the ring " + ids());
        }
    }

    SigningKey active() {
        return active;
    }

    /** Returns the key with an id, or the decoy. */
    SigningKey find(String id) {
        return keys.getOrDefault(id, decoy);
    }

    boolean isDecoy(SigningKey key) {
        return key == decoy;
    }

    /** Returns the id of the key that signed the message, or null; tries every key, whichever matches. */
    @Nullable
    String signer(byte[] message, Mac mac) {
        String signer = null;
        for (SigningKey key : keys.values()) {
            if (key.mac(message).matches(mac)) {
                signer = key.id();
            }
        }
        return signer;
    }

    private List<String> ids() {
        return keys.keySet().stream().sorted().toList();
    }

    /** Returns the key ids, and nothing of the secrets. */
    @Override
    public String toString() {
        return "SigningKeys" + ids() + ", active " + active.id();
    }
}
