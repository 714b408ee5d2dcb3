package io.github.captchacallback.samples.webxml;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.captchacallback.samples.tasks.DemoTask;
import io.github.captchacallback.samples.tasks.NotSubmittedException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/** Shows the tasks over HTTP: {@code POST /demo/tasks} submits one, {@code GET /demo/tasks/<reference>} shows it. */
public final class TasksServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            write(response, 201, TasksListener.tasks(getServletContext()).submit(request::getParameter));
        } catch (NotSubmittedException e) {
            write(response, e.status(), e.answer());
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo();
        Optional<DemoTask> task = path == null
                ? Optional.empty()
                : TasksListener.tasks(getServletContext()).find(path.substring(1));
        if (task.isPresent()) {
            write(response, 200, task.get());
        } else {
            response.setStatus(404);
        }
    }

    private static void write(HttpServletResponse response, int status, Object answer) throws IOException {
        response.setStatus(status);
        response.setContentType("application/json");
        JSON.writeValue(response.getOutputStream(), answer);
    }
}
