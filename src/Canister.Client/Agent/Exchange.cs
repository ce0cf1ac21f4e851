using System.Net;
using System.Net.Http.Headers;

namespace Decent.Canister.Client;

/// <summary>What one HTTP exchange brought.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
internal readonly record struct Answer(HttpStatusCode Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>Whether sending the same bytes again can help.</summary>
    internal bool IsTransient => Status == HttpStatusCode.TooManyRequests || (int)Status >= 500;
}

/// <summary>
/// HTTP with a size limit and a time limit; every failure to get an answer is one kind of exception. Failing addresses
/// are passed over by the next exchange.
/// </summary>
internal sealed class Exchange(Func<HttpClient> http, AgentOptions options, Routes routes, TimeProvider machineTime)
{
    private static readonly MediaTypeHeaderValue Cbor = new("application/cbor");

    /// <summary>Sends a body.</summary>
    /// <exception cref="AgentException">No answer came.</exception>
    internal Task<Answer> PostAsync(string path, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = Cbor;
        return SendAsync(HttpMethod.Post, path, content, ct);
    }

    /// <summary>Fetches.</summary>
    /// <exception cref="AgentException">No answer came.</exception>
    internal Task<Answer> GetAsync(string path, CancellationToken ct) => SendAsync(HttpMethod.Get, path, null, ct);

    private async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken ct)
    {
        var route = routes.Choose();
        using var request = new HttpRequestMessage(method, routes.Address(route, path)) { Content = content };
        using var timeout = new CancellationTokenSource(options.ExchangeTimeout, machineTime);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            using var response = await http()
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var answer = new Answer(response.StatusCode, await ReadAsync(response, either.Token));
            if (answer.IsTransient)
            {
                routes.Failed(route, RestAskedFor(response));
            }

            return answer;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            ct.ThrowIfCancellationRequested();
            routes.Failed(route, rest: null);
            throw new AgentException(
                UnknownReason.NoAnswer,
                e is OperationCanceledException ? "The replica did not answer in time." : "No answer: " + e.Message,
                e);
        }
    }

    private TimeSpan? RestAskedFor(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - machineTime.GetUtcNow(),
        _ => null,
    };

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, ct)) > 0)
        {
            if (body.Length + read > options.MaximumAnswer)
            {
                throw new AgentException(UnknownReason.BadAnswer, "The answer is larger than the limit.");
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}
