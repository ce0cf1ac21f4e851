using System.Net;
using System.Text;

namespace Decent.Payments.Tests.Providers;

/// <summary>Answers requests as told and keeps them.</summary>
internal sealed class ScriptedHttp(Func<ScriptedHttp.Seen, HttpResponseMessage> answer) : HttpMessageHandler, IHttpClientFactory
{
    public List<Seen> Requests { get; } = [];

    public HttpClient CreateClient(string name) => new(this, disposeHandler: false) { Timeout = TimeSpan.FromSeconds(5) };

    public static HttpResponseMessage Json(string body, int status = 200) =>
        new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var headers = request.Headers.ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
        var seen = new Seen(request.Method.Method, request.RequestUri!.PathAndQuery, body, headers);
        Requests.Add(seen);
        return answer(seen);
    }

    public sealed record Seen(string Method, string Path, string Body, IReadOnlyDictionary<string, string> Headers)
    {
        /// <summary>A form field, decoded.</summary>
        public string? Form(string name) => Body.Split('&')
            .Select(p => p.Split('=', 2))
            .Where(p => WebUtility.UrlDecode(p[0]) == name)
            .Select(p => WebUtility.UrlDecode(p[1]))
            .SingleOrDefault();
    }
}
