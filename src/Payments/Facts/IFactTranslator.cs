using System.Text.Json;

namespace Decent.Payments.Facts;

/// <summary>Turns a rail's messages into facts. Pure: no clock, no database, no network.</summary>
public interface IFactTranslator
{
    /// <summary>Id of the rail.</summary>
    string ProviderId { get; }

    /// <summary>Reads the id and type of an event.</summary>
    /// <param name="message">The parsed body of a delivery.</param>
    /// <returns>Null when it is not an event of the rail.</returns>
    EventHead? Head(JsonElement message);

    /// <summary>Translates an event. Unknown types have no facts.</summary>
    /// <param name="message">The parsed body of a delivery.</param>
    Translation Translate(JsonElement message);
}

/// <summary>Name of an event.</summary>
/// <param name="EventId">The rail's id, the key of de-duplication.</param>
/// <param name="Type">The rail's name of what happened.</param>
public sealed record EventHead(string EventId, string Type);
