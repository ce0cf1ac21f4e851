namespace Decent.Replica.Ledgers;

/// <summary>The checks of one kind of ledger, in its order, up to the point where the money moves.</summary>
internal interface ITransferRules
{
    TransferVerdict Transfer(TransferRequest request, ulong now);
}
