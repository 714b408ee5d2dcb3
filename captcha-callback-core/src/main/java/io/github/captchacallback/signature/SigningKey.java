package io.github.captchacallback.signature;

/** Signs with one secret of the ring, under the id by which a token names it. */
final class SigningKey {

    private final String id;
    private final HmacSha256 hmac;

    SigningKey(String id, byte[] secret) {
        this.id = id;
        this.hmac = new HmacSha256(secret);
    }

    String id() {
        return id;
    }

    Mac mac(byte[] message) {
        return new Mac(hmac.mac(message));
    }

    @Override
    public String toString() {
        return "SigningKey[" + id + "]";
    }
}
