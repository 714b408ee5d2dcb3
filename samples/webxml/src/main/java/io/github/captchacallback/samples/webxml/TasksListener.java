package io.github.captchacallback.samples.webxml;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.samples.tasks.CaptchaService;
import io.github.captchacallback.samples.tasks.DemoTasks;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.net.URI;

/** Makes what both servlets work with. */
public final class TasksListener implements ServletContextListener {

    private static final String TASKS = DemoTasks.class.getName();

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        CaptchaCallbacks callbacks = CaptchaCallbackFilter.callbacks(context).orElseThrow();
        CaptchaService service = new CaptchaService(URI.create(context.getInitParameter("captcha-service")));
        context.setAttribute(TASKS, new DemoTasks(callbacks, service));
    }

    static DemoTasks tasks(ServletContext context) {
        return (DemoTasks) context.getAttribute(TASKS);
    }
}
