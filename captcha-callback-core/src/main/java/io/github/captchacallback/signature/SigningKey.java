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

    /** Returns the MAC as the wire has it. */
    String sign(byte[] message) {
        return HexMac.format(hmac.mac(message));
    }

    /** Says whether this key made the MAC that stands in a text from an index on; takes as long either way. */
    boolean signed(byte[] message, String text, int macStart) {
        return HexMac.matches(hmac.mac(message), text, macStart);
    }

    @Override
    public String toString() {
        return "SigningKey[" + id + "]";
    }
}
