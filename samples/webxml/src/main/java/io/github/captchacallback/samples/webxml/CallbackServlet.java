package io.github.captchacallback.samples.webxml;

import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Takes the callbacks that the filter lets through: genuine ones, each once. */
public final class CallbackServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        TasksListener.tasks(getServletContext())
                .handle(CaptchaCallbackFilter.callback(request).orElseThrow());
        response.setContentType("text/plain");
        response.getOutputStream().print("OK");
    }
}
