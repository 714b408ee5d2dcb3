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

    HexMac mac(byte[] message) {
        return HexMac.of(hmac.mac(message));
    }

    /** Returns the MAC of a part of a text and what follows upon it. */
    HexMac mac(byte[] text, int from, int to, byte[] ending) {
        return HexMac.of(hmac.mac(text, from, to, ending));
    }

    @Override
    public String toString() {
        return "SigningKey[" + id + "]";
    }
}
