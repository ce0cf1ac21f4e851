using Decent.Api.Composition;
using Decent.Payments.Collections;
using Decent.Payments.Commands;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Decent.Api.Endpoints;

/// <summary>A payment to start.</summary>
/// <param name="ContractId">The contract to pay.</param>
/// <param name="Rail"><c>icpay</c> or <c>stripe</c>.</param>
/// <param name="Token">Code of the token, for ICPay.</param>
public sealed record PaymentBody(string ContractId, string Rail, string? Token = null);

/// <summary>Collections of the price of contracts.</summary>
internal static class PaymentEndpoints
{
    public static void MapPayments(this IEndpointRouteBuilder api)
    {
        api.MapPost("/payments", StartAsync).WithName("StartPayment").RequireAuthorization(Scopes.PaymentsWrite);
        api.MapGet("/payments", ListAsync).WithName("ListPayments").RequireAuthorization(Scopes.PaymentsRead);
        api.MapGet("/payments/{id:guid}", GetAsync).WithName("GetPayment").RequireAuthorization(Scopes.PaymentsRead);
    }

    /// <summary>Starts a payment at a rail.</summary>
    private static async Task<Created<CollectionView>> StartAsync(
        PaymentBody body, HttpContext context, ICollections collections, CancellationToken cancellationToken)
    {
        var collection = new NewCollection(body.ContractId, body.Rail, body.Token);
        var view = RequestBodies.Answer(
            context, await collections.StartAsync(RequestBodies.Command(context), collection, cancellationToken));
        return TypedResults.Created($"/api/v1/payments/{view.Id}", view);
    }

    /// <summary>Payments, newest first.</summary>
    private static async Task<Page<CollectionView>> ListAsync(
        ICollections collections, string? contractId, string? cursor, int? limit, CancellationToken cancellationToken) =>
        await collections.ListAsync(contractId, Paging.Of(cursor, limit), cancellationToken);

    /// <summary>One payment.</summary>
    private static async Task<CollectionView> GetAsync(Guid id, ICollections collections, CancellationToken cancellationToken) =>
        await collections.GetAsync(id, cancellationToken)
        ?? throw new RefusedException("payment_unknown", $"There is no payment '{id}'.", RefusalKind.NotFound);
}
