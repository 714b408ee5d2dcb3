package io.github.captchacallback.spring.test;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.Verdict;
import io.github.captchacallback.provider.TaskResult;
import jakarta.servlet.ServletContext;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.Mergeable;
import org.springframework.http.HttpMethod;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.test.web.servlet.SmartRequestBuilder;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.request.RequestPostProcessor;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.support.WebApplicationContextUtils;

/**
 * Sends what a CAPTCHA service would send, or somebody who would like to be taken for it, to an application under test.
 *
 * <ul>
 *   <li>With {@code MockMvc} and {@code MockMvcTester} it is a request: {@code mvc.perform(genuineCallback())}.
 *   <li>It also makes a callback of any other request of theirs: {@code get("/anywhere").with(forgedCallback())}.
 *   <li>Other clients, {@code RestTestClient} among them, ask for its {@link #uri(CaptchaCallbacks)}.
 * </ul>
 *
 * <p>It is signed by the {@link CaptchaCallbacks} bean of the application, unless {@link #signedBy} names another, and comes
 * by HTTPS. Each method changes this object and returns it. Not safe for use by several threads.
 */
public final class MockCallback implements SmartRequestBuilder, RequestPostProcessor, Mergeable {

    private static final String LOCALHOST = "127.0.0.1";

    /** No two callbacks answer one task, unless the test says so. */
    private static final AtomicLong TASK_IDS = new AtomicLong(70_000_000_000L);

    private enum Kind {
        GENUINE,
        FORGED,
        EXPIRED,
        REPLAYED
    }

    private final Kind kind;
    private final List<RequestPostProcessor> postProcessors = new ArrayList<>();
    private String taskId = Long.toString(TASK_IDS.incrementAndGet());
    private TaskResult result = new TaskResult.Solution("an-answer");
    private @Nullable String client;
    private HttpMethod method = HttpMethod.GET;
    private @Nullable CaptchaCallbacks callbacks;
    private @Nullable IssuedCallback issued;
    private @Nullable Object defaults;

    /** What this object has built, until MockMvc has it processed further. */
    private @Nullable MockHttpServletRequestBuilder plain;

    private MockCallback(Kind kind) {
        this.kind = kind;
    }

    /** Returns a callback that is accepted. */
    public static MockCallback genuineCallback() {
        return new MockCallback(Kind.GENUINE);
    }

    /** Returns a callback whose signature is made up; where nothing is signed, one that nobody expects. */
    public static MockCallback forgedCallback() {
        return new MockCallback(Kind.FORGED);
    }

    /** Returns a callback that was genuine until a moment ago, when its time was over. */
    public static MockCallback expiredCallback() {
        return new MockCallback(Kind.EXPIRED);
    }

    /** Returns a callback that was accepted before, to the letter. The application has seen nothing of that. */
    public static MockCallback replayedCallback() {
        return new MockCallback(Kind.REPLAYED);
    }

    /** Signs by these callbacks, and not by the one bean of that type. */
    public MockCallback signedBy(CaptchaCallbacks ownCallbacks) {
        this.callbacks = ownCallbacks;
        return this;
    }

    /** Answers a submission of the application's own, and does not issue a URL for the purpose. */
    public MockCallback answering(IssuedCallback ownIssued) {
        this.issued = ownIssued;
        return this;
    }

    /** Carries this task id, and not a made up one. */
    public MockCallback taskId(String ownTaskId) {
        this.taskId = ownTaskId;
        return this;
    }

    /** Carries this solution. */
    public MockCallback solution(String ownSolution) {
        this.result = new TaskResult.Solution(ownSolution);
        return this;
    }

    /** Reports that the task failed, with an error code such as {@code ERROR_CAPTCHA_UNSOLVABLE}. */
    public MockCallback failure(String errorCode) {
        this.result = new TaskResult.Failure(errorCode);
        return this;
    }

    /** Comes from this address, and not from this machine's. */
    public MockCallback from(String address) {
        this.client = address;
        return this;
    }

    /** Is sent by POST, with the service's parameters as a form in its body. */
    public MockCallback byPost() {
        this.method = HttpMethod.POST;
        return this;
    }

    /** Changes the request further, after everything else. */
    public MockCallback with(RequestPostProcessor postProcessor) {
        postProcessors.add(postProcessor);
        return this;
    }

    /**
     * Returns the callback as a URI without scheme and host, for clients other than MockMvc. It is to be sent by GET and,
     * where {@code require-https} is on, by HTTPS.
     *
     * @param ownCallbacks signs it
     */
    public URI uri(CaptchaCallbacks ownCallbacks) {
        SentCallback sent = send(ownCallbacks, "GET", client == null ? LOCALHOST : client);
        return URI.create(sent.path() + "?" + sent.query());
    }

    /** Makes a request for the callback path, with whatever the test has set for all its requests. */
    @Override
    public MockHttpServletRequest buildRequest(ServletContext servletContext) {
        String path = signer(servletContext).settings().path();
        MockHttpServletRequestBuilder builder = MockMvcRequestBuilders.request(method, URI.create(path));
        String contextPath = String.valueOf(servletContext.getContextPath());
        if (!contextPath.isEmpty()) {
            builder.contextPath(contextPath);
        }
        builder.merge(defaults);
        plain = builder;
        return builder.buildRequest(servletContext);
    }

    /** Turns a request into the callback: the one that was built here, or any other. */
    @Override
    public MockHttpServletRequest postProcessRequest(MockHttpServletRequest request) {
        MockHttpServletRequest callback = plain == null ? request : plain.postProcessRequest(request);
        plain = null;
        callback.setRemoteAddr(client == null ? callback.getRemoteAddr() : client);
        SentCallback sent = send(signer(callback.getServletContext()), callback.getMethod(), callback.getRemoteAddr());
        callback.setSecure(sent.secure());
        callback.setRequestURI(sent.path());
        callback.setServletPath("");
        callback.setPathInfo(
                sent.path().substring(String.valueOf(callback.getContextPath()).length()));
        callback.setQueryString(sent.query());
        callback.setContentType(sent.contentType());
        callback.setContent(sent.body());
        for (RequestPostProcessor postProcessor : postProcessors) {
            callback = postProcessor.postProcessRequest(callback);
        }
        return callback;
    }

    private SentCallback send(CaptchaCallbacks signer, String httpMethod, String remoteAddress) {
        UrlToSend url = new UrlToSend(signer, taskId, issued);
        String behindThePath =
                switch (kind) {
                    case GENUINE, REPLAYED -> url.genuine();
                    case FORGED -> url.forged();
                    case EXPIRED -> url.expired();
                };
        SentCallback sent = SentCallback.of(
                httpMethod,
                signer.settings().path() + behindThePath,
                signer.settings().format().write(taskId, result),
                remoteAddress);
        if (kind == Kind.REPLAYED) {
            acceptBeforehand(signer, sent);
        }
        return sent;
    }

    private static void acceptBeforehand(CaptchaCallbacks signer, SentCallback sent) {
        Verdict verdict = signer.verify(sent);
        if (verdict instanceof Verdict.Accepted accepted) {
            accepted.claim().settle();
        } else {
            throw new IllegalStateException(
                    "A callback can be replayed after it was accepted, and this one was not: " + verdict);
        }
    }

    private CaptchaCallbacks signer(@Nullable ServletContext servletContext) {
        if (callbacks != null) {
            return callbacks;
        }
        WebApplicationContext context =
                servletContext == null ? null : WebApplicationContextUtils.getWebApplicationContext(servletContext);
        if (context == null) {
            throw new IllegalStateException(
                    "There is no application context to take the CaptchaCallbacks from. Hand them"
                            + " over: genuineCallback().signedBy(…)");
        }
        return context.getBean(CaptchaCallbacks.class);
    }

    @Override
    public boolean isMergeEnabled() {
        return true;
    }

    /** Keeps what the test has set for all its requests; MockMvc calls this. */
    @Override
    public Object merge(@Nullable Object defaultRequest) {
        this.defaults = defaultRequest;
        return this;
    }
}
