package io.github.captchacallback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Runs the packaged jar by itself, with none of the libraries that the rest of it needs. */
class CommandLineIT {

    private static final String SECRET = "correct-horse-battery-staple-2026-november";

    private record Ended(int exit, String output) {}

    private static Ended run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dcaptcha.callback.public-url=https://your-server.com/captcha/callback",
                "-Dcaptcha.callback.signature.keys.2026-11=env:CAPTCHA_SECRET",
                "-jar",
                System.getProperty("packaged.jar")));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("CAPTCHA_SECRET", SECRET);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), output.strip());
    }

    @Test
    void theJarAloneMakesAKeyAndSignsAndExplains() throws Exception {
        assertThat(run("keygen").output()).startsWith("captcha.callback.signature.keys.");
        Ended signed = run("sign");
        assertThat(signed.exit()).isZero();
        String url = signed.output()
                .lines()
                .filter(line -> line.startsWith("https"))
                .findFirst()
                .orElseThrow();
        assertThat(run("verify", url)).isEqualTo(new Ended(0, "valid"));
        Ended explained = run("explain", url.replace("v1.2026-11", "v1.2031-01") + "&id=1&code=a%20b");
        assertThat(explained.exit()).isEqualTo(1);
        assertThat(explained.output()).contains("It names key 2031-01").doesNotContain(SECRET);
    }
}
