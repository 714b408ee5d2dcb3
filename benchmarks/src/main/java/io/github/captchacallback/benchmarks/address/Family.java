package io.github.captchacallback.benchmarks.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;

/** Makes random addresses, and the blocks around them, of one family. */
public enum Family {
    IPV4(4, 24) {
        @Override
        void makePublic(byte[] address) {
            address[0] = (byte) (1 + (address[0] & 0x7f));
        }
    },
    IPV6(16, 48) {
        @Override
        void makePublic(byte[] address) {
            address[0] = (byte) (0x20 | (address[0] & 0x1f));
        }
    };

    private final int bytes;
    private final int prefixBits;

    Family(int bytes, int prefixBits) {
        this.bytes = bytes;
        this.prefixBits = prefixBits;
    }

    abstract void makePublic(byte[] address);

    byte[] random(SplittableRandom random) {
        byte[] address = new byte[bytes];
        random.nextBytes(address);
        makePublic(address);
        return address;
    }

    /** Returns another address of the same block. */
    byte[] neighbour(byte[] address, SplittableRandom random) {
        byte[] neighbour = random(random);
        System.arraycopy(address, 0, neighbour, 0, prefixBits / 8);
        return neighbour;
    }

    /** Returns the block that an address is in, as it is written in a list. */
    String block(byte[] address) {
        byte[] first = new byte[bytes];
        System.arraycopy(address, 0, first, 0, prefixBits / 8);
        return text(first) + "/" + prefixBits;
    }

    /** Returns the text that a servlet container gives for an address: the JDK's, without a shorthand for zeros. */
    static String text(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
