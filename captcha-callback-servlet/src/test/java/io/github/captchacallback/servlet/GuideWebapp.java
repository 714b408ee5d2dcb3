package io.github.captchacallback.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.docs.Snippets;
import java.io.IOException;
import java.io.StringReader;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.xml.sax.InputSource;

/** Holds the webapp that {@code docs/servlet.md} has its reader write, and calls it as its reader does. */
final class GuideWebapp {

    static final Snippets GUIDE = Snippets.of("docs/servlet.md");
    static final String CONTEXT_PATH = "/shop";

    /** Is the pattern in the guide and not a token or an answer. */
    static final String LOGGED = "\"GET /shop/captcha/callback HTTP/1.1\" 200";

    /** Is in each answer that is sent, and is to be in no log. */
    static final String ANSWER = "an-answer";

    /** An answer of 6,000 characters, as a service escapes a JSON object of many short fields. */
    static final String LONG_JSON = ANSWER + "%7B%22x%22%3A%22yyyyyyyyyyyy%22%7D".repeat(300);

    /** What some services leave unescaped. */
    static final String RAW = "{\"x\":\"[^|y`]\\<z>\"}";

    private GuideWebapp() {}

    /** Writes the WAR's content, but for the libraries. */
    static Path write(Path folder) throws IOException {
        Path inf = Files.createDirectories(folder.resolve("shop/WEB-INF/classes"));
        Files.writeString(inf.resolveSibling("web.xml"), GUIDE.get("web.xml"));
        Files.writeString(inf.resolveSibling("captcha-callback.properties"), GUIDE.get("captcha-callback.properties"));
        GUIDE.compile(inf, "OrderServlet.java", "AnswerServlet.java");
        return folder.resolve("shop");
    }

    static ClassLoader classLoader(Path classes) throws IOException {
        return new URLClassLoader(new URL[] {classes.toUri().toURL()}, GuideWebapp.class.getClassLoader());
    }

    /** Submits a task, and returns the target that the service calls, up to the answer. */
    static String order(int port) {
        Answer answer = Call.of("POST", CONTEXT_PATH + "/orders").send(port, false);
        assertThat(answer.body()).startsWith("http://localhost:8080/shop/captcha/callback?token=v1.2026-11.");
        return answer.body().substring("http://localhost:8080".length()) + "&id=70123456789&code=";
    }

    static Answer call(int port, String target) {
        return Call.get(target).send(port, false);
    }

    /** Does what the guide does with curl. */
    static void assertGuarded(int port) {
        String target = order(port) + ANSWER;

        Answer forged = call(port, target.replace("2026-11", "2026-12"));
        assertThat(forged.status()).isEqualTo(403);
        assertThat(forged.body()).isEqualTo("{\"error\":\"invalid signature\"}");
        Answer genuine = call(port, target);
        assertThat(genuine.status()).isEqualTo(200);
        assertThat(genuine.body()).isEqualTo("solved");
        Answer repeat = call(port, target);
        // The answer may arrive a moment before the claim is settled.
        while (repeat.body().contains("in progress")) {
            repeat = call(port, target);
        }
        assertThat(repeat.status()).isEqualTo(409);
        assertThat(repeat.body()).isEqualTo("{\"error\":\"already processed\"}");
    }

    /** Asserts that answers which a container may refuse get to the endpoint. */
    static void assertTakesLongAndRawAnswers(int port) {
        assertThat(call(port, order(port) + LONG_JSON).status()).isEqualTo(200);
        assertThat(call(port, order(port) + RAW).status()).isEqualTo(200);
        assertThat(call(port, order(port) + "x".repeat(16_384)).status()).isEqualTo(200);
    }

    /** Asserts that a log has the lines that it should have, and nothing that is worth anything in them. */
    static void assertHarmless(String log) {
        assertThat(log).contains(LOGGED).doesNotContain("v1.", "2026-11.", ANSWER, "70123456789");
    }

    /** Returns the attributes of a snippet of one XML element. */
    static Map<String, String> attributes(String snippet) throws Exception {
        Element element = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(GUIDE.get(snippet))))
                .getDocumentElement();
        NamedNodeMap nodes = element.getAttributes();
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            attributes.put(nodes.item(i).getNodeName(), nodes.item(i).getNodeValue());
        }
        return attributes;
    }

    static Properties properties(String snippet) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(GUIDE.get(snippet)));
        return properties;
    }
}
