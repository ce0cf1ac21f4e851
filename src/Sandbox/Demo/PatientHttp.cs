using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Decent.Sandbox.Demo;

/// <summary>
/// A client as a careful integrator writes one: every request that changes something carries a key, and the very same
/// request is repeated when the answer was lost or the other side was away.
/// </summary>
internal sealed class PatientHttp(HttpClient http, Uri root, string? apiKey)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(130);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Reads.</summary>
    /// <exception cref="DemoException">The answer was an error, or none came in time.</exception>
    public Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, null, null, cancellationToken);

    /// <summary>Changes something, at most once per key.</summary>
    /// <param name="path">Path and query.</param>
    /// <param name="body">JSON body.</param>
    /// <param name="key">Idempotency-Key; null where the other side has none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="DemoException">The answer was an error, or none came in time.</exception>
    public Task<JsonNode> PostAsync(string path, JsonNode body, string? key, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, body, key, cancellationToken);

    /// <summary>Sets something; repeating it changes nothing.</summary>
    /// <exception cref="DemoException">The answer was an error, or none came in time.</exception>
    public Task<JsonNode> PutAsync(string path, JsonNode body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, path, body, null, cancellationToken);

    private async Task<JsonNode> SendAsync(
        HttpMethod method, string path, JsonNode? body, string? key, CancellationToken cancellationToken)
    {
        var text = body?.ToJsonString();
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var (status, answer) = await TryAsync(method, path, text, key, cancellationToken);
            if (status is { } code && (int)code is >= 200 and < 300)
            {
                return answer.Length == 0 ? new JsonObject() : JsonNode.Parse(answer)!;
            }

            // Away, overloaded or unsure: the same request again. Everything else is an answer.
            var again = status is null || (int)status >= 500 || status == HttpStatusCode.TooManyRequests;
            if (!again || Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new DemoException($"{method} {path}: {(status is null ? "no answer" : (int)status)} {answer}");
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    private async Task<(HttpStatusCode? Status, string Answer)> TryAsync(
        HttpMethod method, string path, string? body, string? key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(root, path));
        if (apiKey is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        }

        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (null, e.Message);
        }
    }
}

/// <summary>The demo cannot go on; the message says what went wrong.</summary>
internal sealed class DemoException(string message) : Exception(message);
