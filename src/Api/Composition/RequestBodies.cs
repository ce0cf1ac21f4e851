using System.Security.Cryptography;
using System.Text;
using Decent.Payments.Commands;
using Microsoft.AspNetCore.Http.Features;

namespace Decent.Api.Composition;

/// <summary>
/// Reads the bodies of commands once, within a limit, and makes the <see cref="CommandContext" /> with the
/// Idempotency-Key's scope and the body's digest.
/// </summary>
internal static class RequestBodies
{
    /// <summary>Largest body of a command, bytes.</summary>
    public const int MaxCommandBytes = 64 * 1024;

    /// <summary>Largest body of a webhook, bytes.</summary>
    public const int MaxWebhookBytes = 1024 * 1024;

    private const string ItemKey = "decent.body";
    private const string KeyHeader = "Idempotency-Key";
    private const int MaxKeyLength = 255;

    /// <summary>Middleware that buffers bodies under /api.</summary>
    public static async Task MiddlewareAsync(HttpContext context, RequestDelegate next)
    {
        RefuseZeros(context.Request.Path.Value?.Contains('\0', StringComparison.Ordinal) == true
            || context.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true);
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            && !HttpMethods.IsGet(context.Request.Method))
        {
            var limit = context.Request.Path.StartsWithSegments("/api/v1/webhooks", StringComparison.OrdinalIgnoreCase)
                ? MaxWebhookBytes
                : MaxCommandBytes;
            var body = await ReadAsync(context, limit);
            RefuseZeros(limit == MaxCommandBytes && body.AsSpan().IndexOf("\\u0000"u8) >= 0);
            context.Items[ItemKey] = body;
            context.Request.Body = new MemoryStream(body, writable: false);
        }

        await next(context);
    }

    /// <summary>The character U+0000 means nothing in any text of ours, and the database cannot keep it.</summary>
    private static void RefuseZeros(bool found)
    {
        if (found)
        {
            throw new RefusedException("text_invalid", "The character U+0000 is not allowed.", RefusalKind.Invalid);
        }
    }

    /// <summary>The buffered body.</summary>
    public static byte[] Of(HttpContext context) => (byte[])context.Items[ItemKey]!;

    /// <summary>The context of a command that needs a key.</summary>
    /// <exception cref="RefusedException">The header is missing or malformed.</exception>
    public static CommandContext Command(HttpContext context)
    {
        var values = context.Request.Headers[KeyHeader];
        if (values.Count != 1 || values[0] is not { Length: > 0 and <= MaxKeyLength } value || value.Any(c => c is < '!' or > '~'))
        {
            throw new RefusedException(
                "idempotency_key_missing",
                "Send one Idempotency-Key header of 1 to 255 visible ASCII characters.",
                RefusalKind.Invalid);
        }

        var actor = Actor(context);
        return new CommandContext(actor, new IdempotencyKey(Scope(context, actor), value, SHA256.HashData(Of(context))));
    }

    /// <summary>The context of a command that is idempotent by nature.</summary>
    public static CommandContext Natural(HttpContext context) => new(Actor(context), null);

    /// <summary>Answers a command's result and says when it is a replay.</summary>
    public static T Answer<T>(HttpContext context, CommandResult<T> result)
    {
        if (result.Replayed)
        {
            context.Response.Headers["Idempotent-Replayed"] = "true";
        }

        return result.Value;
    }

    /// <summary>
    /// Caller, method, route and the route's values: however the address is spelled, and for each resource apart. Hashed,
    /// so that its length does not depend on what was sent.
    /// </summary>
    private static string Scope(HttpContext context, string actor)
    {
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText
            ?? throw new InvalidOperationException("A command without a route.");
        var values = context.Request.RouteValues.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key}={v.Value}");
        var text = string.Join('\n', [actor, context.Request.Method, route, .. values]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static string Actor(HttpContext context) =>
        context.User.Identity?.Name is { Length: > 0 } name
            ? name
            : throw new RefusedException("api_key_missing", "Send an API key.", RefusalKind.Unauthenticated);

    private static async Task<byte[]> ReadAsync(HttpContext context, int limit)
    {
        if (context.Request.ContentLength > limit)
        {
            throw new BadHttpRequestException("The request body is too large.", StatusCodes.Status413PayloadTooLarge);
        }

        context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.SetLimit(limit);
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0)
        {
            if (buffer.Length + read > limit)
            {
                throw new BadHttpRequestException("The request body is too large.", StatusCodes.Status413PayloadTooLarge);
            }

            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }

    private static void SetLimit(this IHttpMaxRequestBodySizeFeature feature, long limit)
    {
        if (!feature.IsReadOnly)
        {
            feature.MaxRequestBodySize = limit + 1;
        }
    }
}
