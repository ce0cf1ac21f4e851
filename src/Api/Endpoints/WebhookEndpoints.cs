using Decent.Api.Composition;
using Decent.Payments.Inbox;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Decent.Api.Endpoints;

/// <summary>Where rails deliver their events; the signature is the caller's proof.</summary>
internal static class WebhookEndpoints
{
    public static void MapWebhooks(this IEndpointRouteBuilder api) =>
        api.MapPost("/webhooks/{provider}", ReceiveAsync).WithName("ReceiveWebhook").AllowAnonymous();

    /// <summary>Verifies and stores an event; duplicates are answered the same way.</summary>
    private static async Task<Ok<WebhookReceipt>> ReceiveAsync(
        string provider, HttpContext context, IWebhookInbox inbox, CancellationToken cancellationToken)
    {
        var headers = context.Request.Headers.ToDictionary(
            h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var receipt = await inbox.ReceiveAsync(provider, headers, RequestBodies.Of(context), cancellationToken);
        return TypedResults.Ok(receipt);
    }
}
