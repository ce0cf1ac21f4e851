namespace Decent.Sandbox.Emulators;

/// <summary>One webhook that has to arrive.</summary>
/// <param name="Id">The event's id, with a suffix when it is a redelivery.</param>
/// <param name="EventId">The provider's event id.</param>
/// <param name="Type">The provider's event type.</param>
/// <param name="Subject">Id of the object the event is about.</param>
/// <param name="Body">The exact bytes as text; signed anew at each attempt.</param>
/// <param name="Delivered">True once the receiver answered 2xx.</param>
/// <param name="Attempts">Attempts made so far.</param>
/// <param name="LastStatus">The receiver's last HTTP status; 0 when there was no answer.</param>
internal sealed record Delivery(
    string Id, string EventId, string Type, string Subject, string Body, bool Delivered = false, int Attempts = 0,
    int LastStatus = 0)
{
    /// <summary>The collection deliveries live in.</summary>
    public const string Collection = "deliveries";

    /// <summary>The document to write.</summary>
    public Document ToDocument() => new(Collection, Id, this);
}
