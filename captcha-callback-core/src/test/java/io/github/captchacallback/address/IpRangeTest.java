package io.github.captchacallback.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpRangeTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1.2.3.4                | 1.2.3.4         | 1.2.3.4
            1.2.3.4/32             | 1.2.3.4         | 1.2.3.4
            10.0.0.0/8             | 10.0.0.0        | 10.255.255.255
            138.201.0.0/16         | 138.201.0.0     | 138.201.255.255
            192.0.2.128/25         | 192.0.2.128     | 192.0.2.255
            192.0.2.254/31         | 192.0.2.254     | 192.0.2.255
            128.0.0.0/1            | 128.0.0.0       | 255.255.255.255
            0.0.0.0/0              | 0.0.0.0         | 255.255.255.255
            255.255.255.255/32     | 255.255.255.255 | 255.255.255.255
            10.0.0.1-10.0.0.9      | 10.0.0.1        | 10.0.0.9
            '10.0.0.1 - 10.0.0.9'  | 10.0.0.1        | 10.0.0.9
            10.0.0.1-10.0.0.1      | 10.0.0.1        | 10.0.0.1
            0.0.0.0-255.255.255.255 | 0.0.0.0        | 255.255.255.255
            ::1                    | ::1             | ::1
            ::1/128                | ::1             | ::1
            ::/0                   | ::              | ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
            8000::/1               | 8000::          | ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
            fe80::/10              | fe80::          | febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff
            2a01:4f8::/32          | 2a01:4f8::      | 2a01:4f8:ffff:ffff:ffff:ffff:ffff:ffff
            2001:db8:0:2::/63      | 2001:db8:0:2::  | 2001:db8:0:3:ffff:ffff:ffff:ffff
            2001:db8:0:2::/64      | 2001:db8:0:2::  | 2001:db8:0:2:ffff:ffff:ffff:ffff
            2001:db8:0:2::/65      | 2001:db8:0:2::  | 2001:db8:0:2:7fff:ffff:ffff:ffff
            2001:db8::2/127        | 2001:db8::2     | 2001:db8::3
            2001:DB8::1-2001:DB8::F | 2001:db8::1    | 2001:db8::f
            ::ffff:1.2.3.4         | 1.2.3.4         | 1.2.3.4
            ::ffff:10.0.0.0/104    | 10.0.0.0        | 10.255.255.255
            ::ffff:0:0/96          | 0.0.0.0         | 255.255.255.255
            ::ffff:10.0.0.1-10.0.0.9 | 10.0.0.1      | 10.0.0.9
            """)
    void parseReadsAddressesBlocksAndRanges(String text, String first, String last) {
        assertThat(IpRange.parse(text)).isEqualTo(new IpRange(address(first), address(last)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10.1.2.3/8           | 10.0.0.0/8                    | 10.1.2.3
            192.0.2.1/31         | 192.0.2.0/31                  | 192.0.2.1
            1.2.3.4/0            | 0.0.0.0/0                     | 1.2.3.4
            138.201.1.0/16       | 138.201.0.0/16                | 138.201.1.0
            2001:db8::1/64       | 2001:db8:0:0:0:0:0:0/64       | 2001:db8:0:0:0:0:0:1
            2001:db8:0:1::/63    | 2001:db8:0:0:0:0:0:0/63       | 2001:db8:0:1:0:0:0:0
            2001:db8::1/127      | 2001:db8:0:0:0:0:0:0/127      | 2001:db8:0:0:0:0:0:1
            ::1/0                | 0:0:0:0:0:0:0:0/0             | 0:0:0:0:0:0:0:1
            ::ffff:10.1.2.3/104  | 10.0.0.0/8                    | 10.1.2.3
            ::ffff:10.0.0.0/80   | 0:0:0:0:0:0:0:0/80            | 10.0.0.0
            """)
    void parseWhenHostBitsAreSetThenSaysWhichBlockWasMeant(String text, String block, String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpRange.parse(text))
                .withMessage("bits are set behind the block's length; write " + block + " for the block, or " + address
                        + " for the one address");
        IpAddress one = address(address);
        assertThat(IpRange.parse(block).first()).isLessThanOrEqualTo(one);
        assertThat(IpRange.parse(block).last()).isGreaterThanOrEqualTo(one);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2.3.4/33",
                "1.2.3.4/-1",
                "1.2.3.4/",
                "1.2.3.4/ 32",
                "1.2.3.4/32 ",
                "1.2.3.4/+32",
                "1.2.3.4/032",
                "1.2.3.4/00",
                "1.2.3.4/0x20",
                "1.2.3.4/1e1",
                "1.2.3.4/３２",
                "1.2.3.4/128",
                "1.2.3.4/4294967328",
                "1.2.3.4/99999999999999999999",
                "1.2.3.4/255.255.255.255",
                "1.2.3.4/32/32",
                "1.2.3.4/32-1.2.3.5",
                "1.2.3.4/eight"
            })
    void parseWhenLengthOfIpv4BlockIsNoneThenSaysWhatItMayBe(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpRange.parse(text))
                .withMessage("the length of a block is a number from 0 to 32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"::1/129", "::1/-1", "::1/", "::1/999", "::1/1000", "::ffff:1.2.3.4/129"})
    void parseWhenLengthOfIpv6BlockIsNoneThenSaysWhatItMayBe(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpRange.parse(text))
                .withMessage("the length of a block is a number from 0 to 128");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.9-10.0.0.1, 10.0.0.1-10.0.0.9",
        "128.0.0.0-127.0.0.0, 127.0.0.0-128.0.0.0",
        "8000::-7fff::, 7fff:0:0:0:0:0:0:0-8000:0:0:0:0:0:0:0",
        "::8000:0:0:0-::7000:0:0:0, 0:0:0:0:7000:0:0:0-0:0:0:0:8000:0:0:0"
    })
    void parseWhenRangeEndsBeforeItBeginsThenSaysItTheOtherWayRound(String text, String mend) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpRange.parse(text))
                .withMessage("the range ends before it begins; write " + mend);
    }

    @Test
    void constructorWhenRangeEndsBehindIpv4ThenThrows() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IpRange(IpAddress.IPV4_LAST, IpAddress.IPV4_LAST.next()))
                .withMessage("a range has both ends in one family");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2.3.4-::1", "::1-1.2.3.4", "::-::ffff:1.2.3.4", "::ffff:1.2.3.4-::1:0:0:0"})
    void parseWhenEndsAreOfTwoFamiliesThenRefuses(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpRange.parse(text))
                .withMessage("a range has both ends in one family");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "/",
                "-",
                "/8",
                " 1.2.3.4",
                "1.2.3.4 ",
                "1.2.3.4 /32",
                "10.1",
                "10.1/8",
                "010.0.0.0/8",
                "0x0a.0.0.0/8",
                "1.2.3.4.5",
                "1.2.3.4:8080",
                "1.2.3.*",
                "1.2.3.4-",
                "-1.2.3.4",
                "1.2.3.4--1.2.3.5",
                "1.2.3.4-5",
                "1.2.3.4-1.2.3.5-1.2.3.6",
                "10.0.0.0-10.0.0.0/8",
                "1.2.3.4,1.2.3.5",
                "[::1]",
                "[::1]/128",
                "::1::",
                "fe80::1%eth0",
                "fe80::%eth0/64",
                "localhost",
                "localhost/8",
                "example.com",
                "my-host.example.com",
                "１.2.3.4"
            })
    void parseWhenTextIsNoLiteralThenSaysWhatToWrite(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpRange.parse(text))
                .withMessage("write an IPv4 or IPv6 address, a block like 10.0.0.0/8, or a range like"
                        + " 10.0.0.1-10.0.0.9; names are not looked up");
    }

    private static IpAddress address(String text) {
        return Objects.requireNonNull(IpAddress.parse(text), text);
    }
}
