package io.github.captchacallback.samples.webxml;

import io.github.captchacallback.Callback;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/** Handles the callbacks that the filter accepts: authentic ones, each once. */
public final class CallbackServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Callback> callback = CaptchaCallbackFilter.callback(request);
        if (callback.isEmpty()) {
            // The filter lets nothing else reach this servlet. If its mapping is changed, this one still refuses.
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        TasksListener.tasks(getServletContext()).handle(callback.get());
        response.setContentType("text/plain");
        response.getOutputStream().print("OK");
    }
}
