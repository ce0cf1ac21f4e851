using System.Text.Json;
using Decent.Api.Composition;
using Decent.Payments.Commands;
using Decent.Payments.Payouts;
using Decent.Payments.Transfers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Decent.Api.Endpoints;

/// <summary>A payout to draft.</summary>
/// <param name="ProviderId">Who is paid.</param>
/// <param name="Currency">Currency of the earnings.</param>
/// <param name="Asset">Token to pay in.</param>
public sealed record PayoutBody(string ProviderId, string Currency, string Asset);

/// <summary>An approver's note.</summary>
/// <param name="Note">Why it is right, 1 to 500 characters.</param>
public sealed record NoteBody(string Note);

/// <summary>A payout with the signed requests of its transfer.</summary>
/// <param name="Payout">The payout.</param>
/// <param name="Attempts">Signed requests, oldest first; empty before preparation.</param>
public sealed record PayoutDetail(PayoutView Payout, IReadOnlyList<TransferAttemptView> Attempts);

/// <summary>Payouts to providers.</summary>
internal static class PayoutEndpoints
{
    public static void MapPayouts(this IEndpointRouteBuilder api)
    {
        api.MapPost("/payouts", CreateAsync).WithName("CreatePayout").RequireAuthorization(Scopes.PayoutsCreate);
        api.MapGet("/payouts", ListAsync).WithName("ListPayouts").RequireAuthorization(Scopes.PayoutsRead);
        api.MapGet("/payouts/{id:guid}", GetAsync).WithName("GetPayout").RequireAuthorization(Scopes.PayoutsRead);
        api.MapPost("/payouts/{id:guid}/approve", ApproveAsync).WithName("ApprovePayout").RequireAuthorization(Scopes.PayoutsApprove);
        api.MapPost("/payouts/{id:guid}/cancel", CancelAsync).WithName("CancelPayout").RequireAuthorization(Scopes.PayoutsApprove);
    }

    /// <summary>Drafts a payout of everything payable to a provider.</summary>
    private static async Task<Created<PayoutView>> CreateAsync(
        PayoutBody body, HttpContext context, IPayouts payouts, CancellationToken cancellationToken)
    {
        var view = RequestBodies.Answer(
            context,
            await payouts.CreateDraftAsync(
                RequestBodies.Command(context), body.ProviderId, body.Currency, body.Asset, cancellationToken));
        return TypedResults.Created($"/api/v1/payouts/{view.Id}", view);
    }

    /// <summary>Payouts, newest first.</summary>
    private static async Task<Page<PayoutView>> ListAsync(
        IPayouts payouts, string? state, string? cursor, int? limit, CancellationToken cancellationToken) =>
        await payouts.ListAsync(QueryEnum.Read<PayoutState>(state, "state"), Paging.Of(cursor, limit), cancellationToken);

    /// <summary>One payout with its attempts.</summary>
    private static async Task<PayoutDetail> GetAsync(
        Guid id, IPayouts payouts, ITransfers transfers, CancellationToken cancellationToken)
    {
        var view = await payouts.GetAsync(id, cancellationToken)
            ?? throw new RefusedException("payout_unknown", $"There is no payout '{id}'.", RefusalKind.NotFound);
        var attempts = view.TransferId is { } transfer
            ? (await transfers.HistoryAsync(transfer, cancellationToken)).Attempts
            : [];
        return new PayoutDetail(view, attempts);
    }

    /// <summary>Approves a draft; not by its creator.</summary>
    private static async Task<PayoutView> ApproveAsync(
        Guid id, NoteBody body, HttpContext context, IPayouts payouts, CancellationToken cancellationToken) =>
        RequestBodies.Answer(
            context, await payouts.ApproveAsync(RequestBodies.Command(context), id, body.Note, cancellationToken));

    /// <summary>Cancels a payout nothing was sent for.</summary>
    private static async Task<PayoutView> CancelAsync(
        Guid id, ReasonBody body, HttpContext context, IPayouts payouts, CancellationToken cancellationToken) =>
        RequestBodies.Answer(
            context, await payouts.CancelAsync(RequestBodies.Command(context), id, body.Reason, cancellationToken));
}

/// <summary>Reads an enumeration from a query parameter.</summary>
internal static class QueryEnum
{
    /// <summary>The value of a snake_case text, or null when there is none.</summary>
    /// <exception cref="RefusedException"><c>parameter_invalid</c>: not one of the words.</exception>
    public static T? Read<T>(string? text, string name)
        where T : struct, Enum
    {
        if (text is null)
        {
            return null;
        }

        foreach (var value in Enum.GetValues<T>())
        {
            if (JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()) == text)
            {
                return value;
            }
        }

        var words = string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
        throw new RefusedException("parameter_invalid", $"{name} is one of: {words}.", RefusalKind.Invalid);
    }
}
