package io.github.captchacallback.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Says what {@code docs/servlet.md} holds, whose snippets the tests of each container run. */
class GuideDocumentTest {

    private static final Pattern VERSIONED =
            Pattern.compile("<artifactId>([\\w.-]+)</artifactId>\\s*<version>([^<]+)</version>");

    @Test
    void everySnippetHasATest() {
        assertThat(GuideWebapp.GUIDE.names())
                .hasSize((int) GuideWebapp.GUIDE.blocks())
                .containsExactly(
                        "pom.xml",
                        "web.xml",
                        "captcha-callback.properties",
                        "OrderServlet.java",
                        "AnswerServlet.java",
                        "Guard.java",
                        "HandlerThreads.java",
                        "Shop.java",
                        "tomcat-connector",
                        "jetty.ini",
                        "wildfly.cli",
                        "tomcat-valve",
                        "undertow-predicate");
    }

    /** The pom itself is run by hand: a build inside the build would have to install this one first. */
    @Test
    void pomNamesTheVersionsThatThisBuildUses() throws IOException {
        String parent = Files.readString(Path.of("../pom.xml"));
        Matcher versioned = VERSIONED.matcher(GuideWebapp.GUIDE.get("pom.xml"));
        StringBuilder found = new StringBuilder();
        while (versioned.find()) {
            if (!versioned.group(1).equals("shop")) {
                found.append(versioned.group(1)).append(' ');
                assertThat(versionIn(parent, versioned.group(1)))
                        .as(versioned.group(1))
                        .isEqualTo(versioned.group(2));
            }
        }
        assertThat(found)
                .hasToString(
                        "captcha-callback-servlet slf4j-jdk14 jakarta.servlet-api maven-compiler-plugin maven-war-plugin ");
    }

    /** Returns what a pom says of an artifact, through one property. */
    private static String versionIn(String pom, String artifact) {
        String version = group("<artifactId>" + artifact + "</artifactId>\\s*<version>([^<]+)</version>", pom);
        if (version.equals("${project.version}")) {
            return group("<artifactId>captcha-callback-parent</artifactId>\\s*<version>([^<]+)</version>", pom);
        }
        return version.startsWith("${")
                ? group("<" + version.substring(2, version.length() - 1) + ">([^<]+)<", pom)
                : version;
    }

    private static String group(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }
}
