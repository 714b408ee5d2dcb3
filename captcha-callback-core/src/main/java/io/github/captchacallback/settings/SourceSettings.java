package io.github.captchacallback.settings;

import io.github.captchacallback.address.IpRange;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may call back.
 *
 * @param allow the clients that may; everyone if this is empty and there is no file
 * @param allowFile a file that lists more of them; null if there is none
 * @param trustedProxies the proxies whose headers count
 * @param forwardedHeader the header that they write
 */
public record SourceSettings(
        List<IpRange> allow, @Nullable Path allowFile, List<IpRange> trustedProxies, ForwardedHeader forwardedHeader) {

    static final SettingGroup<SourceSettings> GROUP = new SettingGroup<>(CallbackSettings::source);

    static final Setting<List<IpRange>> ALLOW = GROUP.declare(
            "source.allow",
            SettingType.ADDRESSES,
            "",
            "The clients that may call back: addresses, CIDR blocks and ranges, IPv4 and IPv6; everyone unless given.",
            SourceSettings::allow);

    static final Setting<Path> ALLOW_FILE = GROUP.declare(
            "source.allow-file",
            SettingType.FILE,
            "",
            "A file with the same, one a line, `#` comments. It is read again if it changes. A version without any"
                    + " address is not used.",
            SourceSettings::allowFile);

    static final Setting<List<IpRange>> TRUSTED_PROXIES = GROUP.declare(
            "source.trusted-proxies",
            SettingType.ADDRESSES,
            "",
            "The proxies of our own whose forwarded headers count; nobody unless given.",
            SourceSettings::trustedProxies);

    static final Setting<ForwardedHeader> FORWARDED_HEADER = GROUP.declare(
            "source.forwarded-header",
            SettingType.choice(ForwardedHeader.values(), ForwardedHeader::headerName),
            "X-Forwarded-For",
            "The header that those proxies write. It is read from the right.",
            SourceSettings::forwardedHeader);

    static SourceSettings read(SettingsReader settings) {
        return new SourceSettings(
                settings.find(ALLOW).orElse(List.of()),
                settings.find(ALLOW_FILE).orElse(null),
                settings.find(TRUSTED_PROXIES).orElse(List.of()),
                settings.get(FORWARDED_HEADER));
    }
}
